// vocabulary.ts - the vocabulary's choices and what they are called; nothing else of it travels.

export { choices } from '@/data/vocab';
