#include "Encryption.h"
#include "Library.h"

#include <limits.h>
#include <string.h>

static int open_call(void) {
  if (!cipher_library_open()) return 0;
  openssl.ERR_clear_error();
  return 1;
}

/* Carrying a key */

static int set_oaep(EVP_PKEY_CTX *context, const char *digest) {
  return openssl.EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1 &&
         ciphers.EVP_PKEY_CTX_set_rsa_oaep_md_name(context, digest, NULL) == 1 &&
         ciphers.EVP_PKEY_CTX_set_rsa_mgf1_md_name(context, digest, NULL) == 1;
}

int crypto_oaep_encrypt(EVP_PKEY *key, const char *digest, const uint8_t *input, size_t count,
                        uint8_t *output, size_t output_count) {
  if (!open_call()) return 0;
  EVP_PKEY_CTX *context = ciphers.EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
  size_t written = output_count;
  int done = context && ciphers.EVP_PKEY_encrypt_init(context) == 1 && set_oaep(context, digest) &&
             ciphers.EVP_PKEY_encrypt(context, output, &written, input, count) == 1 &&
             written == output_count;
  openssl.EVP_PKEY_CTX_free(context);
  return done;
}

int crypto_rsa15_encrypt(EVP_PKEY *key, const uint8_t *input, size_t count, uint8_t *output,
                         size_t output_count) {
  if (!open_call()) return 0;
  EVP_PKEY_CTX *context = ciphers.EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
  size_t written = output_count;
  int done = context && ciphers.EVP_PKEY_encrypt_init(context) == 1 &&
             openssl.EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
             ciphers.EVP_PKEY_encrypt(context, output, &written, input, count) == 1 &&
             written == output_count;
  openssl.EVP_PKEY_CTX_free(context);
  return done;
}

int crypto_pbkdf2(const char *password, size_t password_count, const uint8_t *salt,
                  size_t salt_count, int rounds, uint8_t *output, size_t output_count) {
  if (!open_call()) return 0;
  const EVP_MD *method = openssl.EVP_get_digestbyname("SHA256");
  if (!method || password_count > INT_MAX || salt_count > INT_MAX || output_count > INT_MAX)
    return 0;
  return ciphers.PKCS5_PBKDF2_HMAC(password, (int)password_count, salt, (int)salt_count, rounds,
                                   method, (int)output_count, output) == 1;
}

int crypto_oaep_decrypt(EVP_PKEY *key, const char *digest, const uint8_t *input, size_t count,
                        uint8_t *output, size_t output_count, size_t *written) {
  if (!open_call()) return 0;
  EVP_PKEY_CTX *context = ciphers.EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
  *written = output_count;
  int done = context && ciphers.EVP_PKEY_decrypt_init(context) == 1 && set_oaep(context, digest) &&
             ciphers.EVP_PKEY_decrypt(context, output, written, input, count) == 1;
  openssl.EVP_PKEY_CTX_free(context);
  return done;
}

int crypto_derive(EVP_PKEY *key, EVP_PKEY *peer, uint8_t *output, size_t output_count) {
  if (!open_call()) return 0;
  EVP_PKEY_CTX *context = ciphers.EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
  size_t written = output_count;
  int done = context && ciphers.EVP_PKEY_derive_init(context) == 1 &&
             ciphers.EVP_PKEY_derive_set_peer(context, peer) == 1 &&
             ciphers.EVP_PKEY_derive(context, output, &written) == 1 && written == output_count;
  openssl.EVP_PKEY_CTX_free(context);
  return done;
}

/* Ciphers */

/* The cipher of this mode for a key of this many bytes; NULL where there is none. */
static EVP_CIPHER *cipher_of(const char *const names[3], size_t key_count) {
  if (!open_call()) return NULL;
  switch (key_count) {
  case 16: return ciphers.EVP_CIPHER_fetch(NULL, names[0], NULL);
  case 24: return ciphers.EVP_CIPHER_fetch(NULL, names[1], NULL);
  case 32: return ciphers.EVP_CIPHER_fetch(NULL, names[2], NULL);
  default: return NULL;
  }
}

static const char *const wrap_names[3] = {"AES-128-WRAP", "AES-192-WRAP", "AES-256-WRAP"};
static const char *const gcm_names[3] = {"AES-128-GCM", "AES-192-GCM", "AES-256-GCM"};
static const char *const cbc_names[3] = {"AES-128-CBC", "AES-192-CBC", "AES-256-CBC"};

static int run(const char *const names[3], int encrypts, const uint8_t *key, size_t key_count,
               const uint8_t *vector, const uint8_t *input, size_t count, uint8_t *output,
               size_t *written) {
  if (count > INT_MAX - 64) return 0;
  EVP_CIPHER *cipher = cipher_of(names, key_count);
  EVP_CIPHER_CTX *context = cipher ? ciphers.EVP_CIPHER_CTX_new() : NULL;
  int first = 0, rest = 0;
  int done =
      context &&
      ciphers.EVP_CipherInit_ex2(context, cipher, key, vector, encrypts, NULL) == 1 &&
      ciphers.EVP_CipherUpdate(context, output, &first, input, (int)count) == 1 &&
      ciphers.EVP_CipherFinal_ex(context, output + first, &rest) == 1;
  if (done) *written = (size_t)first + (size_t)rest;
  if (cipher) {
    ciphers.EVP_CIPHER_CTX_free(context);
    ciphers.EVP_CIPHER_free(cipher);
  }
  return done;
}

int crypto_aes_wrap(const uint8_t *key, size_t key_count, const uint8_t *input, size_t count,
                    uint8_t *output) {
  size_t written = 0;
  return run(wrap_names, 1, key, key_count, NULL, input, count, output, &written) &&
         written == count + 8;
}

int crypto_aes_unwrap(const uint8_t *key, size_t key_count, const uint8_t *input, size_t count,
                      uint8_t *output) {
  size_t written = 0;
  return count > 8 &&
         run(wrap_names, 0, key, key_count, NULL, input, count, output, &written) &&
         written == count - 8;
}

int crypto_cbc_encrypt(const uint8_t *key, size_t key_count, const uint8_t *vector,
                       const uint8_t *input, size_t count, uint8_t *output, size_t *written) {
  return run(cbc_names, 1, key, key_count, vector, input, count, output, written);
}

int crypto_cbc_decrypt(const uint8_t *key, size_t key_count, const uint8_t *vector,
                       const uint8_t *input, size_t count, uint8_t *output, size_t *written) {
  return run(cbc_names, 0, key, key_count, vector, input, count, output, written);
}

enum { tag_count = 16 };

static int run_gcm(int encrypts, const uint8_t *key, size_t key_count, const uint8_t *vector,
                   const uint8_t *data, size_t data_count, const uint8_t *input, size_t count,
                   uint8_t *output, uint8_t *tag) {
  if (count > INT_MAX || data_count > INT_MAX) return 0;
  EVP_CIPHER *cipher = cipher_of(gcm_names, key_count);
  if (!cipher) return 0;
  EVP_CIPHER_CTX *context = ciphers.EVP_CIPHER_CTX_new();
  int written = 0, rest = 0;
  uint8_t nothing[tag_count];
  int done =
      context &&
      ciphers.EVP_CipherInit_ex2(context, cipher, key, vector, encrypts, NULL) == 1 &&
      (encrypts ||
       ciphers.EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, tag_count, tag) == 1) &&
      ciphers.EVP_CipherUpdate(context, NULL, &written, data, (int)data_count) == 1 &&
      (count == 0 ||
       ciphers.EVP_CipherUpdate(context, output, &written, input, (int)count) == 1) &&
      ciphers.EVP_CipherFinal_ex(context, nothing, &rest) == 1 &&
      (!encrypts ||
       ciphers.EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, tag_count, tag) == 1);
  ciphers.EVP_CIPHER_CTX_free(context);
  ciphers.EVP_CIPHER_free(cipher);
  return done;
}

int crypto_gcm_encrypt(const uint8_t *key, size_t key_count, const uint8_t *vector,
                       const uint8_t *data, size_t data_count, const uint8_t *input, size_t count,
                       uint8_t *output, uint8_t *tag) {
  return run_gcm(1, key, key_count, vector, data, data_count, input, count, output, tag);
}

int crypto_gcm_decrypt(const uint8_t *key, size_t key_count, const uint8_t *vector,
                       const uint8_t *data, size_t data_count, const uint8_t *input, size_t count,
                       uint8_t *output, const uint8_t *tag) {
  uint8_t expected[tag_count];
  memcpy(expected, tag, sizeof expected);
  int done = run_gcm(0, key, key_count, vector, data, data_count, input, count, output, expected);
  if (!done) openssl.ERR_clear_error();
  return done;
}
