// Whether this reader wants quantiles collected for the lists: histograms cost the metrics backend more than all the rest. Kept in this browser.
import { useStored } from '../ui/use-stored';

const decode = (text: string): boolean | null => (text === 'true' ? true : text === 'false' ? false : null);

export const useCollectP95 = (): readonly [boolean, (collects: boolean) => void] => useStored('heddle.lists.p95', false, decode, String);
