/** How exports look. EPUB refuses nesting and `direction`; what both take stands in the first sheet. */

/** The paper itself. */
export const PAPER_STYLE = `
h1, h2, h3, h4, h5, h6, [role=heading] { line-height: 1.3; font-weight: 600; margin: 1.6em 0 0.6em; break-after: avoid; text-wrap: balance; }
h1 { font-size: 1.7em; margin-top: 0.6em; }
h2 { font-size: 1.3em; }
h3, h4 { font-size: 1.1em; }
h5, h6, .ltx_title_theorem, .ltx_title_proof, .ltx_title_paragraph { font-size: 1em; margin: 1em 0 0.4em; }
.ltx_title_proof { font-style: italic; font-weight: 400; }
p, .ltx_p { margin: 0 0 0.8em; }
[dir] { text-align: start; }
span.translation { display: block; }
.translation { border-inline-start: 2px solid #0f6b66; padding-inline-start: 0.7em; }
h1 .translation, h2 .translation, h3 .translation, h4 .translation, h5 .translation, h6 .translation { border: 0; padding: 0; }
.unverified, h1 .unverified, h2 .unverified, h3 .unverified, h4 .unverified, h5 .unverified, h6 .unverified { border-inline-start: 3px dotted #b87514; padding-inline-start: 0.7em; }
.origin, .receipt, .notes, .note { font-size: 0.85em; }
.receipt { margin-top: 3em; border-top: 1px solid; padding-top: 1em; }
.receipt table { border-collapse: collapse; }
.receipt th, .receipt td { text-align: start; padding-block: 0.15em; padding-inline: 0 1.2em; font-weight: 400; }
.receipt td { font-variant-numeric: tabular-nums; }
.notes ul, .ltx_biblist { list-style: none; padding: 0; }
.notes li, .ltx_bibitem { margin: 0 0 0.5em; }
.note-reference a { text-decoration: none; }
.ltx_authors { margin: 0 0 1.5em; }
.ltx_contact { display: block; font-size: 0.85em; }
.ltx_abstract { margin: 1.5em 0; padding-inline: 1em; }
ul, ol { padding-inline-start: 1.2em; }
li { list-style: none; margin: 0.3em 0; }
.contents li, nav li { list-style: none; }
.ltx_tag_item { margin-inline-end: 0.3em; }
.ltx_tag_item + div, .ltx_tag_item + div > p:first-child, .ltx_tag_item + div > .ltx_p:first-child { display: inline; }
.ltx_tag_item + div > p:first-child + *, .ltx_tag_item + div > .ltx_p:first-child + * { margin-top: 0.8em; }
cite { font-style: inherit; }
li > div + div { margin-top: 0.6em; }
dt { font-weight: 600; margin-top: 0.5em; }
dd { margin-inline-start: 1.2em; }
blockquote { margin: 1em 1.5em; }
.ltx_theorem, .ltx_proof { margin: 1.2em 0; }
figure { margin: 1.5em 0; break-inside: avoid; }
img, svg { max-width: 100%; height: auto; }
svg { background: #fff; color: #000; overflow: visible; }
.missing-picture { display: inline-block; padding: 0.3em 0.6em; border: 1px dashed; font-size: 0.85em; }
figcaption, .ltx_caption { font-size: 0.9em; margin: 0.5em 0; }
.ltx_flex_figure { display: flex; flex-wrap: wrap; gap: 1em; }
.ltx_flex_cell { flex: 1 1 14em; min-width: 0; }
.ltx_framed { border: 1px solid; padding: 0.7em 1em; margin: 1em 0; }
.wide { overflow: auto hidden; margin: 0.8em 0; }
.wide > table { margin: 0; }
.long { display: inline-flex; max-width: 100%; overflow: auto hidden; margin: -0.25em 0; padding: 0.25em 0; }
.ltx_eqn_table .long { display: inline; margin: 0; padding: 0; }
table { border-collapse: collapse; margin: 0.8em 0; max-width: 100%; }
.ltx_tabular th, .ltx_tabular td { padding: 0.15em 0.5em; vertical-align: top; font-weight: inherit; text-align: start; }
.ltx_tabular p, .ltx_tabular .ltx_p { margin: 0; }
.ltx_eqn_table { width: 100%; }
.ltx_eqn_cell { padding: 0.15em 0; }
.ltx_eqn_center_padleft, .ltx_eqn_center_padright { width: 50%; }
.ltx_eqn_eqno { white-space: nowrap; padding-inline-start: 0.8em; }
.ltx_align_left { text-align: left; }
.ltx_align_left[dir=rtl], .ltx_align_left > .translation[dir=rtl] { text-align: right; }
.ltx_align_right, .ltx_tabular .ltx_align_right { text-align: right; }
.ltx_align_center, .ltx_centering, .ltx_tabular .ltx_align_center { text-align: center; }
.ltx_align_center > table, .ltx_centering > table, table.ltx_centering, img.ltx_centering { margin-inline: auto; }
.ltx_centering > .translation, .ltx_align_center > .translation { text-align: inherit; }
.ltx_border_t, .ltx_border_tt { border-top: 1px solid; }
.ltx_border_b, .ltx_border_bb { border-bottom: 1px solid; }
.ltx_border_l, .ltx_border_ll { border-left: 1px solid; }
.ltx_border_r, .ltx_border_rr { border-right: 1px solid; }
.ltx_font_bold, .ltx_tag_bibitem { font-weight: 600; }
.ltx_font_italic { font-style: italic; }
.ltx_font_upright { font-style: normal; font-variant: normal; }
.ltx_font_medium { font-weight: 400; }
.ltx_font_smallcaps { font-variant: small-caps; }
.ltx_font_typewriter, code, pre { font-family: ui-monospace, 'DejaVu Sans Mono', monospace; font-size: 0.9em; }
.ltx_underline, .ltx_ulem_uline { text-decoration: underline; }
.ltx_ulem_sout { text-decoration: line-through; }
.ltx_listing { font-size: 0.9em; margin: 1em 0; overflow-x: auto; }
.ltx_lstlisting .ltx_listingline { font-family: ui-monospace, 'DejaVu Sans Mono', monospace; white-space: pre-wrap; }
.ltx_lst_comment { opacity: 0.75; }
pre { white-space: pre-wrap; margin: 1em 0; }
.ltx_verse { white-space: pre-line; }
.ltx_ERROR { opacity: 0.7; }
.ltx_bibblock { display: block; }
`;

/**
 * In a browser: colours for both schemes, type for each script, and paper. Inside formulas no element is given a font:
 * Firefox would draw indices as large as what they stand at.
 */
export const SCREEN_STYLE = `
:root { color-scheme: light dark; --ink: #1b2121; --paper: #fff; --soft: #5a6564; --accent: #0f6b66; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e9e8; --paper: #161a1a; --soft: #9faaa8; --accent: #6accc1; } }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 44rem; font: 1.0625rem/1.55 system-ui, -apple-system, 'Segoe UI', 'Noto Sans', sans-serif; color: var(--ink); background: var(--paper); overflow-wrap: break-word; }
:where(:lang(zh-Hans):not(math *)) { font-family: system-ui, -apple-system, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans SC', 'Noto Sans CJK SC', sans-serif; }
:where(:lang(zh-Hant):not(math *)) { font-family: system-ui, -apple-system, 'PingFang TC', 'Microsoft JhengHei', 'Noto Sans TC', 'Noto Sans CJK TC', sans-serif; }
:where(:lang(ja):not(math *)) { font-family: system-ui, -apple-system, 'Hiragino Sans', 'Yu Gothic UI', Meiryo, 'Noto Sans JP', 'Noto Sans CJK JP', sans-serif; }
:where(:lang(ko):not(math *)) { font-family: system-ui, -apple-system, 'Apple SD Gothic Neo', 'Malgun Gothic', 'Noto Sans KR', 'Noto Sans CJK KR', sans-serif; word-break: keep-all; }
:where(:lang(zh), :lang(ja), :lang(ko)) { line-height: 1.75; }
math { font-family: math; }
@media (prefers-color-scheme: dark) { [style*='--own'] { color: color-mix(in srgb, var(--own) 55%, white) !important; } math [mathcolor] { color: inherit; } }
a { color: var(--accent); text-underline-offset: 0.15em; text-decoration-thickness: 1px; }
.origin, .receipt, .contents summary { color: var(--soft); }
.bilingual p:not(.translation):has(+ .translation) { color: var(--soft); }
.translation:not(.unverified) { border-color: var(--accent); }
.contents { margin: 1em 0; }
.wide, .long, .ltx_tabular, .ltx_listing { scrollbar-width: thin; scrollbar-color: var(--soft) transparent; }
.ltx_eqn_table, .ltx_tabular { display: block; overflow-x: auto; width: fit-content; }
.ltx_eqn_table { display: table; width: 100%; }
:target { scroll-margin-top: 1rem; background: color-mix(in srgb, var(--accent) 12%, transparent); }
@media print {
  @page { margin: 20mm 18mm; }
  :root { color-scheme: light; --ink: #000; --paper: #fff; --soft: #444; --accent: #000; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  a { text-decoration: none; }
  .contents { display: none; }
  p { orphans: 3; widows: 3; }
  tr, .ltx_theorem, .ltx_listing, li { break-inside: avoid; }
  .ltx_tabular { display: table; overflow: visible; }
  .wide, .long { overflow: visible; }
}
`;

/** In a reading program, which brings its own colours and type. */
export const BOOK_STYLE = `
section, figure, figcaption, aside, nav { display: block; }
body { line-height: 1.5; overflow-wrap: break-word; }
.note { margin: 1em 0; border-top: 1px solid; padding-top: 0.5em; }
nav ol { list-style: none; padding-inline-start: 1em; }
`;
