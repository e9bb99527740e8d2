/** What the PDFs are to be like: chosen on the page, and remembered nowhere. */
import { ORIGINAL } from '../../../contract/options';
import { part } from './part';

/** What is sent with a photograph (contract/options.ts): all as text, and only what is not so anyway. */
export type Asked = Readonly<Partial<Record<'quality' | 'page' | 'margin', string>>>;

/** What a person has chosen. */
export interface Settings {
  /** One PDF of all, in place of one of each. */
  readonly one: boolean;
  readonly asked: Asked;
}

/** Milliseconds: somebody who goes through a list by keyboard does not mean each of its entries. */
const CALM = 500;

/** Shows the choices. @param changed called with all of them after each choice */
export function onSettings(canBeOne: boolean, changed: (settings: Settings) => void): void {
  const one = part(document, '#one', HTMLButtonElement);
  const selects = (['page', 'margin'] as const).map((id) => part(document, `#${id}`, HTMLSelectElement));
  const tell = () => {
    const chosen = selects.filter(({ selectedOptions: [option] }) => option?.defaultSelected === false);
    const asked = { quality: ORIGINAL, ...Object.fromEntries(chosen.map(({ id, value }) => [id, value])) };
    changed({ one: one.ariaChecked === 'true', asked });
  };
  one.hidden = !canBeOne;
  part(document, '#or-one', HTMLElement).hidden = !canBeOne;
  one.addEventListener('click', () => {
    one.ariaChecked = String(one.ariaChecked !== 'true');
    tell();
  });
  let calm: ReturnType<typeof setTimeout>;
  for (const select of selects)
    select.addEventListener('change', () => {
      clearTimeout(calm);
      calm = setTimeout(tell, CALM);
    });
  part(document, '#settings', HTMLElement).hidden = false;
  tell();
}
