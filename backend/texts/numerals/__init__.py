"""How numbers are written in our languages: digits, separators, magnitudes and numeral words.

What differs from language to language is data, one TOML file each, read by `tables`; what is done
with it is `digits` (Western and native digits), `words` (languages that part words with spaces) and
`unspaced` (Chinese, Japanese, Korean, Thai).
"""
