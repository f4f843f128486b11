"""Parses a file of Python again and again: what an interpreter allocates, through an allocator that hands on to malloc.

usage: PYTHONMALLOC=malloc python3 parse.py FILE TIMES
"""
import ast
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    text = file.read()
for _ in range(int(sys.argv[2])):
    ast.parse(text)
