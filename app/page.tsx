// The root shows the graph, which is what people come for. In: nothing. Out: a redirect.
import { redirect } from 'next/navigation';

export default function RootPage(): never {
  redirect('/graph');
}
