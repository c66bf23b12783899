import { type YAMLError } from 'yaml';

/** What the YAML reader refused, in words that help, and without repeating the file's values. */
export function syntaxProblem(
  error: YAMLError,
  text: string,
): { code: string; message: string; remedy: string } {
  switch (error.code) {
    case 'DUPLICATE_KEY':
      return {
        code: 'KEY_REPEATED',
        message: `The key ${keyAt(text, error.pos[0])} is there twice`,
        remedy: 'Keep one of the two.',
      };
    case 'MULTIPLE_DOCS':
      return {
        code: 'YAML_MANY_DOCUMENTS',
        message: 'A second document begins here',
        remedy: 'Describe one cluster a file.',
      };
    case 'TAG_RESOLVE_FAILED':
      return {
        code: 'YAML_TAG',
        message: 'The value has a tag (!name) that is not known',
        remedy: 'Remove the tag.',
      };
    case 'NON_STRING_KEY':
      return {
        code: 'YAML_KEY',
        message: 'A list or a section stands where a key should be',
        remedy: 'Put text that has brackets or braces in quotes: "[2001:db8::5]:9221".',
      };
    case 'TAB_AS_INDENT':
      return {
        code: 'YAML_SYNTAX',
        message: 'The line is indented with a tab',
        remedy: 'Indent with spaces.',
      };
    default:
      return {
        code: 'YAML_SYNTAX',
        message: `This is not YAML (${error.code.toLowerCase().replaceAll('_', ' ')})`,
        remedy: 'Check brackets, quotes, colons and the indentation of this line and the one before it.',
      };
  }
}

function keyAt(text: string, offset: number): string {
  return /^[\w-]+/.exec(text.slice(offset, offset + 60))?.[0] ?? 'here';
}
