// The tests of this file are the `ts` blocks in doc comments of the sources: markdown-tests.ts puts them here.
