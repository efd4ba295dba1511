// Media types and their file name extensions, from the table on the suite's page.

const EXTENSIONS_OF_TYPES = [
  ['text/plain', 'txt', 'text', 'log'],
  ['text/html', 'html', 'htm'],
  ['text/css', 'css'],
  ['text/csv', 'csv'],
  ['text/tab-separated-values', 'tsv'],
  ['text/markdown', 'md'],
  ['text/javascript', 'js', 'mjs'],
  ['text/calendar', 'ics'],
  ['text/vcard', 'vcf'],
  ['application/json', 'json'],
  ['application/xml', 'xml'],
  ['application/yaml', 'yaml', 'yml'],
  ['application/sql', 'sql'],
  ['application/pkcs7-mime', 'p7m'],
  ['application/pkcs7-signature', 'p7s'],
  ['message/rfc822', 'eml'],
  ['application/vnd.ms-outlook', 'msg'],
  ['application/pdf', 'pdf'],
  ['application/postscript', 'ps', 'eps'],
  ['application/rtf', 'rtf'],
  ['application/epub+zip', 'epub'],
  ['application/msword', 'doc', 'dot'],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.template', 'dotx'],
  ['application/vnd.ms-word.document.macroEnabled.12', 'docm'],
  ['application/vnd.ms-excel', 'xls'],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'],
  ['application/vnd.ms-excel.sheet.macroEnabled.12', 'xlsm'],
  ['application/vnd.ms-powerpoint', 'ppt', 'pps'],
  ['application/vnd.openxmlformats-officedocument.presentationml.presentation', 'pptx'],
  ['application/vnd.openxmlformats-officedocument.presentationml.slideshow', 'ppsx'],
  ['application/vnd.oasis.opendocument.text', 'odt'],
  ['application/vnd.oasis.opendocument.spreadsheet', 'ods'],
  ['application/vnd.oasis.opendocument.presentation', 'odp'],
  ['application/vnd.oasis.opendocument.graphics', 'odg'],
  ['application/vnd.apple.pkpass', 'pkpass'],
  ['image/jpeg', 'jpg', 'jpeg', 'jpe'],
  ['image/png', 'png'],
  ['image/gif', 'gif'],
  ['image/webp', 'webp'],
  ['image/avif', 'avif'],
  ['image/heic', 'heic'],
  ['image/heif', 'heif'],
  ['image/svg+xml', 'svg'],
  ['image/bmp', 'bmp'],
  ['image/tiff', 'tiff', 'tif'],
  ['image/vnd.microsoft.icon', 'ico'],
  ['image/vnd.adobe.photoshop', 'psd'],
  ['application/zip', 'zip'],
  ['application/gzip', 'gz', 'tgz'],
  ['application/x-bzip2', 'bz2'],
  ['application/x-xz', 'xz'],
  ['application/zstd', 'zst'],
  ['application/x-tar', 'tar'],
  ['application/x-7z-compressed', '7z'],
  ['application/vnd.rar', 'rar'],
  ['audio/mpeg', 'mp3'],
  ['audio/mp4', 'm4a'],
  ['audio/aac', 'aac'],
  ['audio/ogg', 'ogg', 'oga', 'opus'],
  ['audio/flac', 'flac'],
  ['audio/wav', 'wav'],
  ['audio/webm', 'weba'],
  ['audio/midi', 'mid', 'midi'],
  ['video/mp4', 'mp4', 'm4v'],
  ['video/mpeg', 'mpeg', 'mpg'],
  ['video/quicktime', 'mov'],
  ['video/webm', 'webm'],
  ['video/ogg', 'ogv'],
  ['video/x-matroska', 'mkv'],
  ['video/x-msvideo', 'avi'],
  ['video/3gpp', '3gp'],
  ['font/woff', 'woff'],
  ['font/woff2', 'woff2'],
  ['font/ttf', 'ttf'],
  ['font/otf', 'otf'],
  ['application/octet-stream', 'bin'],
];

const TYPES = new Map(EXTENSIONS_OF_TYPES.flatMap(([type, ...extensions]) => extensions.map((name) => [name, type])));
const EXTENSIONS = new Map(EXTENSIONS_OF_TYPES.map(([type, first]) => [type.toLowerCase(), first]));

// By the last extension of the name; a name whose only dot is its first character has none.
export function guessType(fileName) {
  const extension = /[^]\.([^.]*)$/.exec(fileName)?.[1] ?? '';
  return TYPES.get(extension.toLowerCase()) ?? 'application/octet-stream';
}

// A type in the form for comparisons: lower case, without parameters.
export function withoutParameters(type) {
  return type.split(';')[0].trim().toLowerCase();
}

export function makeUpName(type) {
  return 'attachment.' + (EXTENSIONS.get(withoutParameters(type)) ?? 'bin');
}
