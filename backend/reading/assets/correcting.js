/** A reader's own wording of a paper's translation, on the paper's page. */

import { correct, permission } from './server.js';

/**
 * Shows the button where this reader may use it.
 *
 * @param {HTMLDialogElement} dialog `#correction`
 */
export async function offerCorrection(dialog) {
  const row = document.querySelector('.needs-permission');
  const may = await permission().catch(() => null);
  if (!may?.allowed || !(row instanceof HTMLElement)) return;
  row.hidden = false;
  row.querySelector('button')?.addEventListener('click', () => dialog.showModal());
  const form = /** @type {HTMLFormElement} */ (dialog.querySelector('form'));
  const fields = [...form.querySelectorAll('textarea')];
  const status = /** @type {HTMLElement} */ (form.querySelector('[data-status]'));
  form.addEventListener('submit', async (event) => {
    if (/** @type {HTMLButtonElement | null} */ (event.submitter)?.value !== 'keep') return;
    event.preventDefault();
    const changed = fields.filter((field) => field.value.trim() !== field.defaultValue.trim());
    if (!changed.length) {
      dialog.close();
      return;
    }
    const wording = Object.fromEntries(changed.map((field) => [field.name, field.value]));
    try {
      const answers = await correct(dialog.dataset.paperId ?? '', { lang: dialog.dataset.lang ?? '', ...wording });
      const kept = answers.every((each) => each.kept);
      const verified = answers.every((each) => each.verified);
      const key = !kept ? 'refused' : verified ? 'kept' : 'doubtful';
      status.textContent = status.dataset[key] ?? '';
      if (kept && verified) location.reload();
    } catch (error) {
      status.textContent = error instanceof Error ? error.message : '';
    }
  });
}
