// Seals (or opens) every file of the folder argv[3] to (with) the keys and passphrases that follow.
// seal: *.plain to *.age, seal-armored: the same in ASCII armor, open: *.age to *.plain.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { armor, Decrypter, Encrypter } from "age-encryption";

const [, , verb, folder, ...keys] = process.argv;

const encrypter = new Encrypter();
const decrypter = new Decrypter();
for (const key of keys) {
  if (key.startsWith("age1")) {
    encrypter.addRecipient(key);
  } else if (key.startsWith("AGE-SECRET-KEY-")) {
    decrypter.addIdentity(key);
  } else if (verb === "open") {
    decrypter.addPassphrase(key);
  } else {
    encrypter.setPassphrase(key);
    encrypter.setScryptWorkFactor(10);
  }
}

async function open(sealed) {
  const text = sealed.toString("latin1");
  return decrypter.decrypt(text.startsWith("-----BEGIN") ? armor.decode(text) : sealed);
}

const verbs = {
  "seal": [".plain", ".age", (plain) => encrypter.encrypt(plain)],
  "seal-armored": [".plain", ".age", async (plain) => armor.encode(await encrypter.encrypt(plain))],
  "open": [".age", ".plain", open],
};
const [from, to, convert] = verbs[verb];
for (const file of (await readdir(folder)).filter((name) => name.endsWith(from))) {
  const path = join(folder, file);
  await writeFile(path.slice(0, -from.length) + to, await convert(await readFile(path)));
}
