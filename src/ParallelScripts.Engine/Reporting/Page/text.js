// @ts-check
// Numbers and names as people read them; the same words as in the log.

/** @param {string} selector @returns {any} */
const find = selector => document.querySelector(selector);

/** @param {string} tag @param {string} [css] @param {string} [text] @returns {any} */
function make(tag, css, text) {
  const element = document.createElement(tag);
  if (css) element.className = css;
  if (text !== undefined) element.textContent = text;
  return element;
}

/** @param {number} seconds */
function duration(seconds) {
  if (seconds === 0) return '0 s';
  if (seconds < 0.0995) return Math.round(seconds * 1000) + ' ms';
  if (seconds < 9.995) return seconds.toFixed(2) + ' s';
  if (seconds < 99.95) return seconds.toFixed(1) + ' s';
  if (seconds < 3599.5) return Math.floor(Math.round(seconds) / 60) + ' m ' + Math.round(seconds) % 60 + ' s';
  const minutes = Math.round(seconds / 60);
  return Math.floor(minutes / 60) + ' h ' + minutes % 60 + ' m';
}

/** A time that goes on: whole seconds, so that it does not flicker. @param {number} seconds */
const going = seconds => seconds < 100 ? Math.floor(seconds) + ' s' : duration(Math.floor(seconds));

/** @param {number} bytes */
function size(bytes) {
  if (bytes < 1000) return bytes + (bytes === 1 ? ' byte' : ' bytes');
  const [amount, unit] = bytes < 999500 ? [bytes / 1e3, 'KB'] : bytes < 999500000 ? [bytes / 1e6, 'MB'] : [bytes / 1e9, 'GB'];
  return amount.toFixed(amount < 9.95 ? 1 : 0) + ' ' + unit;
}

/** @param {number} count @param {string} noun */
const counted = (count, noun) => count.toLocaleString('en') + ' ' + noun + (count === 1 ? '' : 's');

/** @param {Date} time */
const clock = time => time.toLocaleTimeString(undefined, { timeStyle: 'medium' });

/** @param {number} part @param {number} whole */
const percent = (part, whole) => whole > 0 ? (part > 0 && part < whole * 0.005 ? '<1' : Math.round(part / whole * 100)) + ' %' : '';

/**
 * A name in which nothing hides: what turns the direction of text around, and what cannot be seen, is shown by its number.
 * @param {string} name
 */
const shown = name => name.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
  hidden => '⟨' + hidden.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0') + '⟩');

/** @type {Record<string, [string, string, string]>} What an outcome is called, its sign (colour alone says nothing to many), and its colour. */
const outcomes = {
  Failed: ['failed', '✗', 'failed'],
  TimedOut: ['timed out', 'T', 'timed-out'],
  Tolerated: ['failed, allowed', '!', 'tolerated'],
  Canceled: ['canceled', 'C', 'canceled'],
  Skipped: ['skipped', '–', 'skipped'],
  Succeeded: ['succeeded', '✓', 'succeeded'],
  UpToDate: ['up to date', '=', 'up-to-date'],
  HandedOver: ['handed over', '»', 'skipped'],
  Running: ['running', '…', 'accent'],
  Waiting: ['waiting', '·', 'skipped'],
};

/** @param {string} outcome */
function mark(outcome) {
  const sign = make('span', 'mark is-' + outcome, outcomes[outcome][1]);
  sign.setAttribute('aria-hidden', 'true');
  return sign;
}
