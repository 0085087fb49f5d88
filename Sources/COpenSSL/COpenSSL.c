#include "COpenSSL.h"
#include "Library.h"

#include <limits.h>
#include <string.h>

/* Begins a call: the library is there, and its queue of errors empty. */
static int open_call(void) {
  if (!crypto_library_open()) return 0;
  openssl.ERR_clear_error();
  return 1;
}

const char *crypto_take_reason(void) {
  if (!crypto_library_open()) return LIBCRYPTO_FILE " cannot be loaded; on Debian, libssl3 has it";
  const char *reason = openssl.ERR_reason_error_string(openssl.ERR_peek_last_error());
  openssl.ERR_clear_error();
  return reason;
}

int crypto_hash(const char *digest, const uint8_t *input, size_t count, uint8_t *output,
                size_t output_count) {
  if (!open_call()) return 0;
  int done = 0;
  EVP_MD *method = openssl.EVP_MD_fetch(NULL, digest, NULL);
  EVP_MD_CTX *context = openssl.EVP_MD_CTX_new();
  if (method && context && openssl.EVP_DigestInit_ex2(context, method, NULL) == 1 &&
      openssl.EVP_DigestUpdate(context, input, count) == 1) {
    if (openssl.EVP_MD_get_flags(method) & EVP_MD_FLAG_XOF) {
      done = openssl.EVP_DigestFinalXOF(context, output, output_count) == 1;
    } else if ((size_t)openssl.EVP_MD_get_size(method) == output_count) {
      done = openssl.EVP_DigestFinal_ex(context, output, NULL) == 1;
    }
  }
  openssl.EVP_MD_CTX_free(context);
  openssl.EVP_MD_free(method);
  return done;
}

int crypto_hmac(const char *digest, const uint8_t *key, size_t key_count, const uint8_t *input,
                size_t count, uint8_t *output, size_t output_count) {
  if (!open_call()) return 0;
  const EVP_MD *method = openssl.EVP_get_digestbyname(digest);
  if (!method || key_count > INT_MAX) return 0;
  if ((size_t)openssl.EVP_MD_get_size(method) != output_count) return 0;
  unsigned int written = 0;
  if (!openssl.HMAC(method, key, (int)key_count, input, count, output, &written)) return 0;
  return written == output_count;
}

int crypto_hmac_verify(const char *digest, const uint8_t *key, size_t key_count,
                       const uint8_t *input, size_t count, const uint8_t *code,
                       size_t code_count) {
  uint8_t expected[EVP_MAX_MD_SIZE];
  if (code_count > sizeof expected) return 0;
  if (!crypto_hmac(digest, key, key_count, input, count, expected, code_count)) return 0;
  int same = openssl.CRYPTO_memcmp(expected, code, code_count) == 0;
  openssl.OPENSSL_cleanse(expected, sizeof expected);
  return same;
}

/* Making keys */

/* OSSL_PARAM_BLD keeps pointers to its numbers until the parameters are made. */
struct parts {
  OSSL_PARAM_BLD *builder;
  BIGNUM *numbers[8];
  size_t count;
  int failed;
};

static void push_number(struct parts *parts, const char *name, const uint8_t *bytes,
                        size_t count) {
  if (parts->failed || count == 0) return;
  if (count > INT_MAX) {
    parts->failed = 1;
    return;
  }
  BIGNUM *number = openssl.BN_bin2bn(bytes, (int)count, NULL);
  if (!number) {
    parts->failed = 1;
    return;
  }
  parts->numbers[parts->count++] = number;
  if (openssl.OSSL_PARAM_BLD_push_BN(parts->builder, name, number) != 1) parts->failed = 1;
}

/* Makes the key and frees the parts, whatever happened before. */
static EVP_PKEY *finish(struct parts *parts, const char *type, int selection) {
  if (!parts->builder) return NULL;
  EVP_PKEY *key = NULL;
  OSSL_PARAM *parameters = parts->failed ? NULL : openssl.OSSL_PARAM_BLD_to_param(parts->builder);
  EVP_PKEY_CTX *context =
      parameters ? openssl.EVP_PKEY_CTX_new_from_name(NULL, type, NULL) : NULL;
  if (context && openssl.EVP_PKEY_fromdata_init(context) == 1 &&
      openssl.EVP_PKEY_fromdata(context, &key, selection, parameters) != 1) {
    openssl.EVP_PKEY_free(key);
    key = NULL;
  }
  openssl.EVP_PKEY_CTX_free(context);
  openssl.OSSL_PARAM_free(parameters);
  openssl.OSSL_PARAM_BLD_free(parts->builder);
  for (size_t index = 0; index < parts->count; index++) {
    openssl.BN_clear_free(parts->numbers[index]);
  }
  return key;
}

static struct parts begin(void) {
  struct parts parts = {0};
  if (open_call()) parts.builder = openssl.OSSL_PARAM_BLD_new();
  parts.failed = parts.builder == NULL;
  return parts;
}

EVP_PKEY *crypto_rsa_key(const uint8_t *n, size_t n_count, const uint8_t *e, size_t e_count,
                         const uint8_t *d, size_t d_count, const uint8_t *p, size_t p_count,
                         const uint8_t *q, size_t q_count, const uint8_t *dp, size_t dp_count,
                         const uint8_t *dq, size_t dq_count, const uint8_t *qi,
                         size_t qi_count) {
  struct parts parts = begin();
  push_number(&parts, OSSL_PKEY_PARAM_RSA_N, n, n_count);
  push_number(&parts, OSSL_PKEY_PARAM_RSA_E, e, e_count);
  push_number(&parts, OSSL_PKEY_PARAM_RSA_D, d, d_count);
  push_number(&parts, OSSL_PKEY_PARAM_RSA_FACTOR1, p, p_count);
  push_number(&parts, OSSL_PKEY_PARAM_RSA_FACTOR2, q, q_count);
  push_number(&parts, OSSL_PKEY_PARAM_RSA_EXPONENT1, dp, dp_count);
  push_number(&parts, OSSL_PKEY_PARAM_RSA_EXPONENT2, dq, dq_count);
  push_number(&parts, OSSL_PKEY_PARAM_RSA_COEFFICIENT1, qi, qi_count);
  return finish(&parts, "RSA", d_count == 0 ? EVP_PKEY_PUBLIC_KEY : EVP_PKEY_KEYPAIR);
}

EVP_PKEY *crypto_ec_key(const char *group, const uint8_t *point, size_t point_count,
                        const uint8_t *d, size_t d_count) {
  struct parts parts = begin();
  if (!parts.failed &&
      (openssl.OSSL_PARAM_BLD_push_utf8_string(parts.builder, OSSL_PKEY_PARAM_GROUP_NAME, group,
                                               0) != 1 ||
       openssl.OSSL_PARAM_BLD_push_octet_string(parts.builder, OSSL_PKEY_PARAM_PUB_KEY, point,
                                                point_count) != 1)) {
    parts.failed = 1;
  }
  push_number(&parts, OSSL_PKEY_PARAM_PRIV_KEY, d, d_count);
  return finish(&parts, "EC", d_count == 0 ? EVP_PKEY_PUBLIC_KEY : EVP_PKEY_KEYPAIR);
}

EVP_PKEY *crypto_edwards_public_key(const char *curve, const uint8_t *x, size_t x_count) {
  if (!open_call()) return NULL;
  return openssl.EVP_PKEY_new_raw_public_key_ex(NULL, curve, NULL, x, x_count);
}

EVP_PKEY *crypto_edwards_key_pair(const char *curve, const uint8_t *d, size_t d_count) {
  if (!open_call()) return NULL;
  return openssl.EVP_PKEY_new_raw_private_key_ex(NULL, curve, NULL, d, d_count);
}

int no_passphrase(char *buffer, int size, int writing, void *user) {
  (void)buffer, (void)size, (void)writing, (void)user;
  return -1;
}

EVP_PKEY *crypto_pem_key_pair(const uint8_t *text, size_t count) {
  if (!open_call()) return NULL;
  if (count > INT_MAX) return NULL;
  BIO *source = openssl.BIO_new_mem_buf(text, (int)count);
  if (!source) return NULL;
  EVP_PKEY *key = openssl.PEM_read_bio_PrivateKey(source, NULL, no_passphrase, NULL);
  openssl.BIO_free(source);
  return key;
}

EVP_PKEY *crypto_generate_rsa(size_t bits) {
  if (!open_call()) return NULL;
  return openssl.EVP_PKEY_Q_keygen(NULL, NULL, "RSA", bits);
}

EVP_PKEY *crypto_generate_ec(const char *group) {
  if (!open_call()) return NULL;
  return openssl.EVP_PKEY_Q_keygen(NULL, NULL, "EC", group);
}

EVP_PKEY *crypto_generate_edwards(const char *curve) {
  if (!open_call()) return NULL;
  return openssl.EVP_PKEY_Q_keygen(NULL, NULL, curve);
}

void crypto_key_free(EVP_PKEY *key) { openssl.EVP_PKEY_free(key); }

/* Reading keys */

int crypto_key_is(const EVP_PKEY *key, const char *type) {
  return openssl.EVP_PKEY_is_a(key, type) == 1;
}

int crypto_key_bits(const EVP_PKEY *key) { return openssl.EVP_PKEY_get_bits(key); }

int crypto_key_group(const EVP_PKEY *key, char *output, size_t count) {
  if (!open_call()) return 0;
  return openssl.EVP_PKEY_get_group_name(key, output, count, NULL) == 1;
}

int crypto_key_number(const EVP_PKEY *key, const char *name, uint8_t *output, size_t count) {
  if (!open_call()) return 0;
  BIGNUM *number = NULL;
  if (count > INT_MAX || openssl.EVP_PKEY_get_bn_param(key, name, &number) != 1) return 0;
  int written = openssl.BN_bn2binpad(number, output, (int)count);
  openssl.BN_clear_free(number);
  return written >= 0 && (size_t)written == count;
}

size_t crypto_key_number_size(const EVP_PKEY *key, const char *name) {
  if (!open_call()) return 0;
  BIGNUM *number = NULL;
  if (openssl.EVP_PKEY_get_bn_param(key, name, &number) != 1) return 0;
  size_t size = (size_t)(openssl.BN_num_bits(number) + 7) / 8;
  openssl.BN_clear_free(number);
  return size;
}

int crypto_edwards_public_bytes(const EVP_PKEY *key, uint8_t *output, size_t count) {
  if (!open_call()) return 0;
  size_t written = count;
  return openssl.EVP_PKEY_get_raw_public_key(key, output, &written) == 1 && written == count;
}

/* Signing and verifying */

enum padding { padding_none, padding_pkcs1, padding_pss };

/* PSS: the salt is exactly as long as the digest and the mask uses the same digest. RFC 7518,
 * section 3.5. The context keeps the digest it was made with for the mask. */
static int set_padding(EVP_PKEY_CTX *context, enum padding padding) {
  switch (padding) {
  case padding_none: return 1;
  case padding_pkcs1:
    return openssl.EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;
  case padding_pss:
    return openssl.EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
           openssl.EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
  }
  return 0;
}

/* Returns the number of bytes written, 0 for a failure. */
static size_t sign(EVP_PKEY *key, const char *digest, enum padding padding, const uint8_t *input,
                   size_t count, uint8_t *output, size_t capacity) {
  if (!open_call()) return 0;
  size_t written = capacity;
  EVP_PKEY_CTX *options = NULL;
  EVP_MD_CTX *context = openssl.EVP_MD_CTX_new();
  int done = context &&
             openssl.EVP_DigestSignInit_ex(context, &options, digest, NULL, NULL, key, NULL) ==
                 1 &&
             set_padding(options, padding) &&
             openssl.EVP_DigestSign(context, output, &written, input, count) == 1;
  openssl.EVP_MD_CTX_free(context);
  return done ? written : 0;
}

/* Once the key was accepted every other outcome than success is a wrong signature: libcrypto
 * reports some malformed ones as errors. */
static int verify(EVP_PKEY *key, const char *digest, enum padding padding, const uint8_t *input,
                  size_t count, const uint8_t *signature, size_t signature_count) {
  if (!open_call()) return -1;
  EVP_PKEY_CTX *options = NULL;
  EVP_MD_CTX *context = openssl.EVP_MD_CTX_new();
  int outcome = -1;
  if (context &&
      openssl.EVP_DigestVerifyInit_ex(context, &options, digest, NULL, NULL, key, NULL) == 1 &&
      set_padding(options, padding)) {
    outcome = openssl.EVP_DigestVerify(context, signature, signature_count, input, count) == 1;
    openssl.ERR_clear_error();
  }
  openssl.EVP_MD_CTX_free(context);
  return outcome;
}

int crypto_sign_pkcs1(EVP_PKEY *key, const char *digest, const uint8_t *input, size_t count,
                      uint8_t *output, size_t output_count) {
  return output_count > 0 &&
         sign(key, digest, padding_pkcs1, input, count, output, output_count) == output_count;
}

int crypto_sign_pss(EVP_PKEY *key, const char *digest, const uint8_t *input, size_t count,
                    uint8_t *output, size_t output_count) {
  return output_count > 0 &&
         sign(key, digest, padding_pss, input, count, output, output_count) == output_count;
}

int crypto_sign_edwards(EVP_PKEY *key, const uint8_t *input, size_t count, uint8_t *output,
                        size_t output_count) {
  return output_count > 0 &&
         sign(key, NULL, padding_none, input, count, output, output_count) == output_count;
}

/* An ECDSA signature in DER, both numbers of 66 bytes at most, needs 141 bytes. */
enum { der_capacity = 160 };

int crypto_sign_ecdsa(EVP_PKEY *key, const char *digest, const uint8_t *input, size_t count,
                      uint8_t *output, size_t output_count) {
  uint8_t der[der_capacity];
  size_t der_count = sign(key, digest, padding_none, input, count, der, sizeof der);
  if (der_count == 0 || output_count == 0 || output_count % 2 != 0 || output_count > INT_MAX) {
    return 0;
  }
  const uint8_t *cursor = der;
  ECDSA_SIG *pair = openssl.d2i_ECDSA_SIG(NULL, &cursor, (long)der_count);
  if (!pair) return 0;
  int half = (int)output_count / 2;
  int done = openssl.BN_bn2binpad(openssl.ECDSA_SIG_get0_r(pair), output, half) == half &&
             openssl.BN_bn2binpad(openssl.ECDSA_SIG_get0_s(pair), output + half, half) == half;
  openssl.ECDSA_SIG_free(pair);
  return done;
}

/* A shorter signature would be padded with zeros by libcrypto in PSS, so two texts would mean
 * the same signature. */
static int is_modulus_size(const EVP_PKEY *key, size_t count) {
  int size = openssl.EVP_PKEY_get_size(key);
  return size > 0 && (size_t)size == count;
}

int crypto_verify_pkcs1(EVP_PKEY *key, const char *digest, const uint8_t *input, size_t count,
                        const uint8_t *signature, size_t signature_count) {
  if (!is_modulus_size(key, signature_count)) return 0;
  return verify(key, digest, padding_pkcs1, input, count, signature, signature_count);
}

int crypto_verify_pss(EVP_PKEY *key, const char *digest, const uint8_t *input, size_t count,
                      const uint8_t *signature, size_t signature_count) {
  if (!is_modulus_size(key, signature_count)) return 0;
  return verify(key, digest, padding_pss, input, count, signature, signature_count);
}

int crypto_verify_edwards(EVP_PKEY *key, const uint8_t *input, size_t count,
                          const uint8_t *signature, size_t signature_count) {
  if (signature_count == 0) return 0;
  return verify(key, NULL, padding_none, input, count, signature, signature_count);
}

int crypto_verify_ecdsa(EVP_PKEY *key, const char *digest, const uint8_t *input, size_t count,
                        const uint8_t *signature, size_t signature_count) {
  if (!open_call()) return -1;
  size_t half = ((size_t)openssl.EVP_PKEY_get_bits(key) + 7) / 8;
  if (half == 0 || signature_count != 2 * half) return 0;
  BIGNUM *r = openssl.BN_bin2bn(signature, (int)half, NULL);
  BIGNUM *s = openssl.BN_bin2bn(signature + half, (int)half, NULL);
  ECDSA_SIG *pair = openssl.ECDSA_SIG_new();
  if (!r || !s || !pair || openssl.ECDSA_SIG_set0(pair, r, s) != 1) {
    openssl.BN_free(r);
    openssl.BN_free(s);
    openssl.ECDSA_SIG_free(pair);
    return -1;
  }
  uint8_t *der = NULL;
  int der_count = openssl.i2d_ECDSA_SIG(pair, &der);
  openssl.ECDSA_SIG_free(pair);
  if (der_count <= 0) return -1;
  int outcome = verify(key, digest, padding_none, input, count, der, (size_t)der_count);
  openssl.CRYPTO_free(der, NULL, 0);
  return outcome;
}
