/**
 * The labels that a paper's class writes before and between its texts ("Figure 1:", "Proof.", "Abstract"), in
 * the reader's language. They are few and always the same: no model is asked for them.
 *
 * Data: what each is called, in the languages of `LANGUAGES` in that order; then how it is set there. Papers in
 * other languages keep the English labels.
 */

import { direction } from '../../languages.js';

const LANGUAGES = ['zh-Hans', 'zh-Hant', 'ja', 'ko', 'es', 'fr', 'de', 'pt-BR', 'pt-PT', 'ru', 'it', 'ar'];

/** @type {Record<string, string[]>} */
const NUMBERED = {
  figure: ['图', '圖', '図', '그림', 'Figura', 'Figure', 'Abbildung', 'Figura', 'Figura', 'Рисунок', 'Figura', 'الشكل'],
  table: ['表', '表', '表', '표', 'Tabla', 'Tableau', 'Tabelle', 'Tabela', 'Tabela', 'Таблица', 'Tabella', 'الجدول'],
  algorithm: ['算法', '演算法', 'アルゴリズム', '알고리즘', 'Algoritmo', 'Algorithme', 'Algorithmus', 'Algoritmo', 'Algoritmo', 'Алгоритм', 'Algoritmo', 'الخوارزمية'],
  listing: ['代码', '程式碼', 'リスト', '코드', 'Listado', 'Listing', 'Listing', 'Listagem', 'Listagem', 'Листинг', 'Listato', 'الشيفرة'],
  theorem: ['定理', '定理', '定理', '정리', 'Teorema', 'Théorème', 'Satz', 'Teorema', 'Teorema', 'Теорема', 'Teorema', 'المبرهنة'],
  lemma: ['引理', '引理', '補題', '보조정리', 'Lema', 'Lemme', 'Lemma', 'Lema', 'Lema', 'Лемма', 'Lemma', 'التمهيدية'],
  proposition: ['命题', '命題', '命題', '명제', 'Proposición', 'Proposition', 'Proposition', 'Proposição', 'Proposição', 'Предложение', 'Proposizione', 'القضية'],
  corollary: ['推论', '推論', '系', '따름정리', 'Corolario', 'Corollaire', 'Korollar', 'Corolário', 'Corolário', 'Следствие', 'Corollario', 'النتيجة'],
  definition: ['定义', '定義', '定義', '정의', 'Definición', 'Définition', 'Definition', 'Definição', 'Definição', 'Определение', 'Definizione', 'التعريف'],
  remark: ['注', '註', '注意', '참고', 'Observación', 'Remarque', 'Bemerkung', 'Observação', 'Observação', 'Замечание', 'Osservazione', 'الملاحظة'],
  note: ['注', '註', '注', '참고', 'Nota', 'Note', 'Anmerkung', 'Nota', 'Nota', 'Примечание', 'Nota', 'الملاحظة'],
  example: ['例', '例', '例', '예', 'Ejemplo', 'Exemple', 'Beispiel', 'Exemplo', 'Exemplo', 'Пример', 'Esempio', 'المثال'],
  conjecture: ['猜想', '猜想', '予想', '추측', 'Conjetura', 'Conjecture', 'Vermutung', 'Conjectura', 'Conjetura', 'Гипотеза', 'Congettura', 'المخمنة'],
  claim: ['断言', '斷言', '主張', '주장', 'Afirmación', 'Affirmation', 'Behauptung', 'Afirmação', 'Afirmação', 'Утверждение', 'Affermazione', 'الادعاء'],
  assumption: ['假设', '假設', '仮定', '가정', 'Supuesto', 'Hypothèse', 'Annahme', 'Suposição', 'Pressuposto', 'Предположение', 'Assunzione', 'الافتراض'],
  hypothesis: ['假说', '假說', '仮説', '가설', 'Hipótesis', 'Hypothèse', 'Hypothese', 'Hipótese', 'Hipótese', 'Гипотеза', 'Ipotesi', 'الفرضية'],
  case: ['情形', '情形', '場合', '경우', 'Caso', 'Cas', 'Fall', 'Caso', 'Caso', 'Случай', 'Caso', 'الحالة'],
  problem: ['问题', '問題', '問題', '문제', 'Problema', 'Problème', 'Problem', 'Problema', 'Problema', 'Задача', 'Problema', 'المسألة'],
  question: ['问题', '問題', '問い', '질문', 'Pregunta', 'Question', 'Frage', 'Questão', 'Questão', 'Вопрос', 'Domanda', 'السؤال'],
  exercise: ['练习', '習題', '演習', '연습문제', 'Ejercicio', 'Exercice', 'Aufgabe', 'Exercício', 'Exercício', 'Упражнение', 'Esercizio', 'التمرين'],
  observation: ['观察', '觀察', '観察', '관찰', 'Observación', 'Observation', 'Beobachtung', 'Observação', 'Observação', 'Наблюдение', 'Osservazione', 'الملاحظة'],
  fact: ['事实', '事實', '事実', '사실', 'Hecho', 'Fait', 'Fakt', 'Fato', 'Facto', 'Факт', 'Fatto', 'الحقيقة'],
  property: ['性质', '性質', '性質', '성질', 'Propiedad', 'Propriété', 'Eigenschaft', 'Propriedade', 'Propriedade', 'Свойство', 'Proprietà', 'الخاصية'],
  notation: ['记号', '記號', '記法', '표기', 'Notación', 'Notation', 'Notation', 'Notação', 'Notação', 'Обозначение', 'Notazione', 'الترميز'],
  condition: ['条件', '條件', '条件', '조건', 'Condición', 'Condition', 'Bedingung', 'Condição', 'Condição', 'Условие', 'Condizione', 'الشرط'],
  axiom: ['公理', '公理', '公理', '공리', 'Axioma', 'Axiome', 'Axiom', 'Axioma', 'Axioma', 'Аксиома', 'Assioma', 'المسلّمة'],
  appendix: ['附录', '附錄', '付録', '부록', 'Apéndice', 'Annexe', 'Anhang', 'Apêndice', 'Apêndice', 'Приложение', 'Appendice', 'الملحق'],
};
/** @type {Record<string, string[]>} */
const HEADINGS = {
  proof: ['证明', '證明', '証明', '증명', 'Demostración', 'Démonstration', 'Beweis', 'Demonstração', 'Demonstração', 'Доказательство', 'Dimostrazione', 'البرهان'],
  abstract: ['摘要', '摘要', '概要', '초록', 'Resumen', 'Résumé', 'Zusammenfassung', 'Resumo', 'Resumo', 'Аннотация', 'Sommario', 'الملخص'],
  keywords: ['关键词', '關鍵詞', 'キーワード', '키워드', 'Palabras clave', 'Mots-clés', 'Schlüsselwörter', 'Palavras-chave', 'Palavras-chave', 'Ключевые слова', 'Parole chiave', 'الكلمات المفتاحية'],
  acknowledgements: ['致谢', '致謝', '謝辞', '감사의 글', 'Agradecimientos', 'Remerciements', 'Danksagung', 'Agradecimentos', 'Agradecimentos', 'Благодарности', 'Ringraziamenti', 'شكر وتقدير'],
  references: ['参考文献', '參考文獻', '参考文献', '참고문헌', 'Referencias', 'Références', 'Literatur', 'Referências', 'Referências', 'Литература', 'Riferimenti bibliografici', 'المراجع'],
  bibliography: ['参考书目', '參考書目', '参考文献', '참고문헌', 'Bibliografía', 'Bibliographie', 'Literaturverzeichnis', 'Bibliografia', 'Bibliografia', 'Библиография', 'Bibliografia', 'المراجع'],
  appendix: NUMBERED.appendix,
};
/** @type {Record<string, string>} */
const SYNONYMS = {
  'fig.': 'figure', 'tab.': 'table', 'alg.': 'algorithm', 'key words': 'keywords', 'key words and phrases': 'keywords',
  'keywords and phrases': 'keywords', acknowledgments: 'acknowledgements', acknowledgement: 'acknowledgements', acknowledgment: 'acknowledgements',
};

/** What stands between a word and its number, and what ends a label, where it is not as in English. */
const GAPS = /** @type {Record<string, string>} */ ({ ja: '' });
const COLONS = /** @type {Record<string, string>} */ ({ 'zh-Hans': '：', 'zh-Hant': '：', fr: '\u00a0:' });
const STOPS = /** @type {Record<string, string>} */ ({ 'zh-Hans': '。', 'zh-Hant': '。', ja: '。' });

/** Tags that are numbers, names or words of the author's. */
const OTHERS = '.ltx_tag_item, .ltx_tag_note, .ltx_tag_bibitem, .ltx_tag_equation';
const WORD = /^(\s*)(\p{L}+(?:\.(?=\s*[\p{Lu}\d]))?)(?=$|[\s:.\d])(\s*)/u;
const END = /([:.])(\s*)$/;

export class PaperLabels {
  #lang;
  #column;

  /**
   * @param {string} lang
   * @returns {PaperLabels | undefined} undefined where its labels are not known
   */
  static in(lang) {
    return LANGUAGES.includes(lang) ? new PaperLabels(lang) : undefined;
  }

  /** @param {string} lang */
  constructor(lang) {
    this.#lang = lang;
    this.#column = LANGUAGES.indexOf(lang);
  }

  /**
   * The translation of a text that is nothing but a label.
   *
   * @param {string} text without what stands before it
   * @param {Element | null} tag that stands before it
   * @returns {string | null} null where it says more
   */
  translate(text, tag) {
    if (!/\p{L}/u.test(text)) return tag && /^[.:]?$/.test(text) && this.#isLabel(tag) ? this.#ended(text) : null;
    const word = this.#lookUp(HEADINGS, text.replace(END, ''));
    return word === undefined ? null : word + this.#ended(END.exec(text)?.[1] ?? '');
  }

  /**
   * Puts the word and its punctuation into a copy of a tag. Numbers and everything else in it stay.
   *
   * @param {Element} tag
   */
  write(tag) {
    if (!this.#isLabel(tag)) return;
    const texts = textsOf(tag);
    const [first] = texts;
    first.data = first.data.replace(WORD, (_, before, word, gap) => before + this.#lookUp(NUMBERED, word) + (GAPS[this.#lang] ?? gap));
    const last = texts[texts.length - 1];
    last.data = last.data.replace(END, (_, mark, blank) => this.#ended(mark) + (this.#ended(mark).trim() === mark ? blank : ''));
    tag.setAttribute('lang', this.#lang);
    tag.setAttribute('dir', direction(this.#lang));
  }

  /** @param {Element} tag */
  #isLabel(tag) {
    if (tag.matches(OTHERS)) return false;
    const [, , word] = WORD.exec(textsOf(tag)[0]?.data ?? '') ?? [];
    return word !== undefined && this.#lookUp(NUMBERED, word) !== undefined;
  }

  /** @param {Record<string, string[]>} labels @param {string} word @returns {string | undefined} */
  #lookUp(labels, word) {
    const key = word.toLowerCase().replace(/\s+/g, ' ');
    const name = SYNONYMS[key] ?? key;
    return Object.hasOwn(labels, name) ? labels[name][this.#column] : undefined;
  }

  /** @param {string} mark @returns {string} it, as the language sets it */
  #ended(mark) {
    return (mark === ':' ? COLONS : mark === '.' ? STOPS : {})[this.#lang] ?? mark;
  }
}

/** @param {Element} tag @returns {Text[]} its words, blanks left out */
function textsOf(tag) {
  const texts = [];
  const walker = document.createTreeWalker(tag, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = /** @type {Text} */ (walker.currentNode);
    if (text.data.trim()) texts.push(text);
  }
  return texts;
}
