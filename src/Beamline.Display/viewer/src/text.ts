// Numbers and lengths as people write them.

const raised = '\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079';

/** About `digits` significant digits: 0.0123, 512, 1.23\u00d710\u207b\u2077, NaN. */
export function number(v: number, digits = 4): string {
  if (v !== v) return 'NaN';
  if (!Number.isFinite(v)) return v > 0 ? '\u221e' : '\u2212\u221e';
  const size = Math.abs(v);
  let text: string;
  if (size === 0 || size >= 1e-3 && size < 1e6) {
    text = String(+v.toPrecision(Math.max(digits, size >= 1 ? Math.floor(Math.log10(size)) + 1 : 1)));
  } else {
    const [m, e] = v.toExponential(digits - 1).split('e');
    text = `${+m}\u00d710${+e < 0 ? '\u207b' : ''}${[...String(Math.abs(+e))].map(d => raised[+d]).join('')}`;
  }
  return text.replace('-', '\u2212');
}

/** A number with its unit. */
export const quantity = (v: number, unit: string, digits = 4): string => unit ? `${number(v, digits)} ${unit}` : number(v, digits);

const lengths: [string, number][] = [['nm', 1e-9], ['\u00b5m', 1e-6], ['mm', 1e-3], ['m', 1]];

/** A length given in one unit, written in the one that suits it. */
export function length(v: number, unit: string, digits = 4): string {
  const meters = v * (lengths.find(l => l[0] === unit)?.[1] ?? NaN);
  if (meters !== meters) return quantity(v, unit, digits);
  const [name, one] = lengths.filter(l => Math.abs(meters) >= .9995 * l[1]).pop() ?? (meters === 0 ? [unit, 1] : lengths[0]);
  return quantity(meters / one, name, digits);
}

/** The largest of 1, 2 and 5 times a power of ten that is not above a number. */
export function round125(v: number): number {
  const power = 10 ** Math.floor(Math.log10(v)), m = v / power;
  return (m >= 5 ? 5 : m >= 2 ? 2 : 1) * power;
}
