/** The word for a formula in every language that papers are translated into; read aloud in its place. */

/** @type {Readonly<Record<string, string>>} by tag */
export const FORMULA_WORDS = Object.freeze({
  'zh-Hans': '公式', 'zh-Hant': '公式', ja: '数式', ko: '수식', es: 'fórmula', fr: 'formule', de: 'Formel', 'pt-BR': 'fórmula', 'pt-PT': 'fórmula',
  ru: 'формула', it: 'formula', vi: 'công thức', id: 'rumus', tr: 'formül', ar: 'صيغة', he: 'נוסחה', fa: 'فرمول', hi: 'सूत्र', th: 'สูตร', uk: 'формула',
  pl: 'wzór', nl: 'formule', sv: 'formel', da: 'formel', nb: 'formel', fi: 'kaava', cs: 'vzorec', sk: 'vzorec', sl: 'formula', hr: 'formula',
  sr: 'формула', bg: 'формула', ro: 'formulă', hu: 'képlet', el: 'τύπος', ca: 'fórmula', lt: 'formulė', lv: 'formula', et: 'valem', ms: 'rumus',
  fil: 'pormula', bn: 'সূত্র', ta: 'சூத்திரம்', te: 'సూత్రం', ur: 'فارمولا', sw: 'fomula', kk: 'формула', en: 'formula',
});
