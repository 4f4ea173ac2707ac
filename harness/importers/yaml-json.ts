// A YAML tree -> the JSON text it came from. Some recorders parse JSON bodies and write them as
// YAML; the text is written straight from the tree, so that key order, `1.0` and long numbers stay.
import type { YamlValue } from './yaml-value.ts';

const DEPTH_MAX = 200;
const CHARS_MAX = 50 * 1024 * 1024;

const INTEGER = /^[-+]?(?:0|[1-9][0-9]*)$/;
/** PyYAML's float: `1e3` without a point is a string to it, and it writes such strings bare. */
const FLOAT = /^[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+][0-9]+)?$/;
const JSON_NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$/;
const TRUE = /^(?:true|True|TRUE|yes|Yes|YES|on|On|ON)$/;
const FALSE = /^(?:false|False|FALSE|no|No|NO|off|Off|OFF)$/;

/** Compact JSON text. Throws InputError for what JSON cannot say (.nan) or no body can be. */
export function yamlJson(root: YamlValue): string {
  const parts: string[] = [];
  let chars = 0;
  write(root, 0);
  return parts.join('');

  function emit(part: string): void {
    // Aliases of aliases grow without bound in a small file.
    chars += part.length;
    if (chars > CHARS_MAX) throw root.fail('is more than 50 MB of JSON');
    parts.push(part);
  }

  function write(value: YamlValue, depth: number): void {
    if (depth > DEPTH_MAX) throw value.fail(`is nested deeper than ${DEPTH_MAX} levels`);
    switch (value.kind) {
      case 'scalar':
        emit(scalar(value));
        break;
      case 'list':
        emit('[');
        value.items().forEach((item, index) => {
          if (index > 0) emit(',');
          write(item, depth + 1);
        });
        emit(']');
        break;
      case 'map':
        emit('{');
        value.entries().forEach(([key, item], index) => {
          emit(`${index > 0 ? ',' : ''}${JSON.stringify(key)}:`);
          write(item, depth + 1);
        });
        emit('}');
        break;
      default:
        value.kind satisfies never;
    }
  }
}

function scalar(value: YamlValue): string {
  const text = value.text();
  const isNumber = value.tag === 'float' || value.tag === 'int';
  if (!isNumber && (!value.isPlain || value.tag === 'str')) return JSON.stringify(text);
  if (value.isNull) return 'null';
  if (TRUE.test(text)) return 'true';
  if (FALSE.test(text)) return 'false';
  if (isNumber || INTEGER.test(text) || FLOAT.test(text)) return number(value, text);
  if (/^[-+]?\.(?:inf|nan)$/i.test(text)) throw value.fail(`is ${text}, which JSON cannot say`);
  return JSON.stringify(text);
}

function number(value: YamlValue, text: string): string {
  if (JSON_NUMBER.test(text)) return text;
  if (!Number.isFinite(Number(text))) throw value.fail(`is not a number: "${text}"`);
  return String(Number(text));
}
