/** Which of the browser's voices reads a language. */

/** Browsers may learn of their voices only after they were asked. */
const WAIT_MS = 1_500;

const CHINESE = /** @type {Record<string, RegExp>} */ ({
  'zh-hans': /^(?:zh-(?:cn|sg|hans)|cmn-(?:cn|hans)|zh$|cmn$)/, 'zh-hant': /^(?:zh-(?:tw|hk|mo|hant)|cmn-(?:tw|hant)|yue)/,
});

/**
 * @param {SpeechSynthesis} speech
 * @param {string} lang BCP 47
 * @returns {Promise<SpeechSynthesisVoice | null>} one that is on this device: others send the text to somebody's server
 */
export async function voiceFor(speech, lang) {
  const voices = await voicesOf(speech);
  const wanted = lang.toLowerCase();
  const [primary] = wanted.split('-');
  /** @param {SpeechSynthesisVoice} voice */
  const rank = (voice) => {
    const has = voice.lang.toLowerCase().replaceAll('_', '-');
    if (CHINESE[wanted]) return CHINESE[wanted].test(has) ? 2 : 0;
    if (has === wanted) return 3;
    return has.split('-')[0] === primary ? 1 + Number(voice.default) : 0;
  };
  const [best] = voices.filter((voice) => voice.localService && rank(voice) > 0).sort((a, b) => rank(b) - rank(a));
  return best ?? null;
}

/** @param {SpeechSynthesis} speech @returns {Promise<SpeechSynthesisVoice[]>} */
async function voicesOf(speech) {
  const voices = speech.getVoices();
  if (voices.length) return voices;
  await new Promise((resolve) => {
    speech.addEventListener('voiceschanged', resolve, { once: true });
    setTimeout(resolve, WAIT_MS);
  });
  return speech.getVoices();
}
