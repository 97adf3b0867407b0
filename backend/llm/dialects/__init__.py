"""How servers and models differ that all call themselves compatible: parameters, thoughts, words, sizes."""
