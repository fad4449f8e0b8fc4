// The text exposition format 0.0.4 of targets. Label text is kept as bytes per block: rendering copies bytes and writes numbers.
// In: targets. Out: pages of bytes. Also walks the same series as (labels, value) for stores that take samples directly.
import type { Block, ShapeFamily } from './block';
import type { LabelSet } from './flow';
import type { Target } from './target';

const NEWLINE = 10;

const PAGE = 1 << 22;

/** Bytes in pages, so that a large exposition is never copied to grow. */
class PageWriter {
  readonly pages: Buffer[] = [];
  private bytes = Buffer.allocUnsafe(1 << 16);
  private at = 0;

  /** Makes sure that the next `length` bytes fit on the page. */
  reserve(length: number): void {
    if (this.at + length <= this.bytes.length) return;
    this.turn();
    this.bytes = Buffer.allocUnsafe(Math.max(PAGE, length));
  }

  copy(source: Buffer): void {
    this.bytes.set(source, this.at);
    this.at += source.length;
  }

  /** ASCII text only. */
  text(text: string): void {
    this.at += this.bytes.write(text, this.at, 'latin1');
  }

  /** `} `, a sample value, a line end; whole numbers, by far the most, digit by digit. */
  value(value: number): void {
    this.bytes[this.at] = 125;
    this.bytes[this.at + 1] = 32;
    this.at += 2;
    if (value >= 0 && value < 1e9 && Number.isInteger(value)) this.digits(value);
    else this.text(Number.isNaN(value) ? 'NaN' : value === Number.POSITIVE_INFINITY ? '+Inf' : String(value));
    this.bytes[this.at++] = NEWLINE;
  }

  finish(): readonly Buffer[] {
    this.turn();
    return this.pages;
  }

  private turn(): void {
    if (this.at > 0) this.pages.push(this.bytes.subarray(0, this.at));
    this.at = 0;
  }

  private digits(value: number): void {
    let size = 1;
    for (let top = 10; top <= value; top *= 10) size++;
    let rest = value;
    for (let i = size - 1; i >= 0; i--) {
      this.bytes[this.at + i] = 48 + (rest % 10);
      rest = Math.floor(rest / 10);
    }
    this.at += size;
  }
}

interface Entry {
  readonly block: Block;
  readonly family: ShapeFamily;
}

/** The exposition of some targets, family by family; with `targetLabels` each series carries the labels of its target. */
export function renderExposition(targets: readonly Target[], targetLabels: boolean): readonly Buffer[] {
  const families = new Map<string, Entry[]>();
  for (const target of targets)
    for (const block of target.blocks())
      for (const family of block.shape.families) {
        const known = families.get(family.name);
        if (known) known.push({ block, family });
        else families.set(family.name, [{ block, family }]);
      }
  const writer = new PageWriter();
  for (const [name, entries] of families) {
    writer.reserve(2 * name.length + 40);
    writer.text(`# TYPE ${name} ${entries[0]?.family.type ?? 'untyped'}\n`);
    for (const { block, family } of entries) {
      const labels = targetLabels ? block.text : block.ownText;
      for (let i = family.from; i < family.to; i++) {
        const line = block.shape.lines[i];
        if (!line) continue;
        writer.reserve(line.head.length + labels.length + 40);
        writer.copy(line.head);
        writer.copy(labels);
        writer.value(block.valueAt(i));
      }
    }
  }
  return writer.finish();
}

/** Labels of one series as a scrape of the combined page stores it, its metric name among them. */
export function seriesLabels(target: Target, block: Block, line: number): LabelSet {
  const shape = block.shape.lines[line];
  return {
    __name__: shape?.metric ?? '',
    ...target.labels,
    ...Object.fromEntries(Object.entries(block.labels).filter(([, value]) => value !== '')),
    ...(shape?.le === null || shape === undefined ? {} : { le: shape.le }),
  };
}
