/* Encrypting and decrypting, and what carries the key: the same rules as in COpenSSL.h. */
#ifndef COpenSSL_Encryption_H
#define COpenSSL_Encryption_H

#include <stddef.h>
#include <stdint.h>

typedef struct evp_pkey_st EVP_PKEY;

/* OAEP with an empty label; the digest is also that of the mask. The output has the size of the
 * modulus. */
int crypto_oaep_encrypt(EVP_PKEY *key, const char *digest, const uint8_t *input, size_t count,
                        uint8_t *output, size_t output_count);

/* PKCS #1 v1.5, which is not for use: for tokens that are faulty on purpose. The output has the size
 * of the modulus. */
int crypto_rsa15_encrypt(EVP_PKEY *key, const uint8_t *input, size_t count, uint8_t *output,
                         size_t output_count);

/* PBKDF2 with HMAC of SHA-256; RFC 8018, section 5.2. */
int crypto_pbkdf2(const char *password, size_t password_count, const uint8_t *salt,
                  size_t salt_count, int rounds, uint8_t *output, size_t output_count);

/* Writes the number of bytes to written; output_count is the size of the modulus at least. */
int crypto_oaep_decrypt(EVP_PKEY *key, const char *digest, const uint8_t *input, size_t count,
                        uint8_t *output, size_t output_count, size_t *written);

/* The x coordinate of the shared point, in the full length of the curve. */
int crypto_derive(EVP_PKEY *key, EVP_PKEY *peer, uint8_t *output, size_t output_count);

/* RFC 3394 with the usual first value; key of 16, 24 or 32 bytes. The output has 8 bytes more than
 * the input. */
int crypto_aes_wrap(const uint8_t *key, size_t key_count, const uint8_t *input, size_t count,
                    uint8_t *output);

/* The output has 8 bytes less than the input. */
int crypto_aes_unwrap(const uint8_t *key, size_t key_count, const uint8_t *input, size_t count,
                      uint8_t *output);

/* AES-GCM with a vector of 12 and a tag of 16 bytes; the output is as long as the input. */
int crypto_gcm_encrypt(const uint8_t *key, size_t key_count, const uint8_t *vector,
                       const uint8_t *data, size_t data_count, const uint8_t *input, size_t count,
                       uint8_t *output, uint8_t *tag);

/* Nothing of the output may be used after a failure. */
int crypto_gcm_decrypt(const uint8_t *key, size_t key_count, const uint8_t *vector,
                       const uint8_t *data, size_t data_count, const uint8_t *input, size_t count,
                       uint8_t *output, const uint8_t *tag);

/* AES-CBC with PKCS #7 padding and a vector of 16 bytes. The output has room for the input and one
 * block. */
int crypto_cbc_encrypt(const uint8_t *key, size_t key_count, const uint8_t *vector,
                       const uint8_t *input, size_t count, uint8_t *output, size_t *written);

int crypto_cbc_decrypt(const uint8_t *key, size_t key_count, const uint8_t *vector,
                       const uint8_t *input, size_t count, uint8_t *output, size_t *written);

#endif
