/* libcrypto behind named functions: raw bytes in, raw bytes and small numbers out.
 *
 * Functions that can fail return 1 for success and 0 for failure, or NULL instead of a key. After
 * a failure crypto_take_reason tells why; every function leaves the thread's error queue empty
 * when it starts, so a reason never belongs to an earlier call. */
#ifndef COpenSSL_H
#define COpenSSL_H

#include <stddef.h>
#include <stdint.h>

#include "Encryption.h"
#include "Certificate.h"
#include "TLS.h"

/* A public key or a key pair; only read after it was made, so threads may share it. */
typedef struct evp_pkey_st EVP_PKEY;

/* The reason of the newest failure on this thread, NULL when libcrypto gave none; empties the
 * queue. The text is a constant of the library and holds nothing of the input. */
const char *crypto_take_reason(void);

/* Fills the output; an extendable digest gives as many bytes as are asked for. */
int crypto_hash(const char *digest, const uint8_t *input, size_t count, uint8_t *output,
                size_t output_count);
int crypto_hmac(const char *digest, const uint8_t *key, size_t key_count, const uint8_t *input,
                size_t count, uint8_t *output, size_t output_count);
/* Whether the authentication code is right; the comparison takes the same time either way. */
int crypto_hmac_verify(const char *digest, const uint8_t *key, size_t key_count,
                       const uint8_t *input, size_t count, const uint8_t *code,
                       size_t code_count);

/* Numbers are big-endian; d with count 0 makes a public key, p to qi with count 0 a key pair
 * without the Chinese remainder members. */
EVP_PKEY *crypto_rsa_key(const uint8_t *n, size_t n_count, const uint8_t *e, size_t e_count,
                         const uint8_t *d, size_t d_count, const uint8_t *p, size_t p_count,
                         const uint8_t *q, size_t q_count, const uint8_t *dp, size_t dp_count,
                         const uint8_t *dq, size_t dq_count, const uint8_t *qi,
                         size_t qi_count);
/* The point is uncompressed and must be on the curve; d with count 0 makes a public key. */
EVP_PKEY *crypto_ec_key(const char *group, const uint8_t *point, size_t point_count,
                        const uint8_t *d, size_t d_count);
EVP_PKEY *crypto_edwards_public_key(const char *curve, const uint8_t *x, size_t x_count);
EVP_PKEY *crypto_edwards_key_pair(const char *curve, const uint8_t *d, size_t d_count);
/* PKCS #8, PKCS #1 or SEC 1; never asks for a passphrase. */
EVP_PKEY *crypto_pem_key_pair(const uint8_t *text, size_t count);
EVP_PKEY *crypto_generate_rsa(size_t bits);
EVP_PKEY *crypto_generate_ec(const char *group);
EVP_PKEY *crypto_generate_edwards(const char *curve);
void crypto_key_free(EVP_PKEY *key);

/* Whether the key is of this type, such as RSA, EC or ED25519. */
int crypto_key_is(const EVP_PKEY *key, const char *type);
int crypto_key_bits(const EVP_PKEY *key);
int crypto_key_group(const EVP_PKEY *key, char *output, size_t count);
/* A number of an RSA or EC key, big-endian, padded with zeros on the left to the count. */
int crypto_key_number(const EVP_PKEY *key, const char *name, uint8_t *output, size_t count);
/* The bytes such a number needs, 0 when the key has none of this name. */
size_t crypto_key_number_size(const EVP_PKEY *key, const char *name);
/* The public point of an Edwards key. */
int crypto_edwards_public_bytes(const EVP_PKEY *key, uint8_t *output, size_t count);

/* Signing fills exactly output_count bytes. */
int crypto_sign_pkcs1(EVP_PKEY *key, const char *digest, const uint8_t *input, size_t count,
                      uint8_t *output, size_t output_count);
int crypto_sign_pss(EVP_PKEY *key, const char *digest, const uint8_t *input, size_t count,
                    uint8_t *output, size_t output_count);
/* r and s side by side, half of output_count each. */
int crypto_sign_ecdsa(EVP_PKEY *key, const char *digest, const uint8_t *input, size_t count,
                      uint8_t *output, size_t output_count);
int crypto_sign_edwards(EVP_PKEY *key, const uint8_t *input, size_t count, uint8_t *output,
                        size_t output_count);

/* 1 when the signature is right, 0 when it is not, -1 when libcrypto refuses key or digest. */
int crypto_verify_pkcs1(EVP_PKEY *key, const char *digest, const uint8_t *input, size_t count,
                        const uint8_t *signature, size_t signature_count);
int crypto_verify_pss(EVP_PKEY *key, const char *digest, const uint8_t *input, size_t count,
                      const uint8_t *signature, size_t signature_count);
int crypto_verify_ecdsa(EVP_PKEY *key, const char *digest, const uint8_t *input, size_t count,
                        const uint8_t *signature, size_t signature_count);
int crypto_verify_edwards(EVP_PKEY *key, const uint8_t *input, size_t count,
                          const uint8_t *signature, size_t signature_count);

#endif
