/* X.509 certificates as bytes: what stands in them, whether one stands under another, and throw-away
 * ones for a demo. libssl's companion functions of libcrypto are loaded with the first call. */
#ifndef COpenSSL_Certificate_H
#define COpenSSL_Certificate_H

#include <stddef.h>
#include <stdint.h>

enum { certificate_name_bytes = 1024 };

/* What a certificate says of itself. Names are written as RFC 4514 has them, cut where they are
 * longer; times are seconds since 1970. */
struct certificate_facts {
  uint8_t sha256[32];
  int64_t begins;
  int64_t ends;
  char subject[certificate_name_bytes];
  char issuer[certificate_name_bytes];
};

/* Reads a certificate in DER: 1, 0 when it is none, -1 when the libraries cannot be loaded. */
int certificate_read(const uint8_t *der, size_t count, struct certificate_facts *facts);
/* The DER of one of the certificates in a PEM text, counted from 0: its length, and it is written
 * if there is room for it; 0 when there is none. */
size_t certificate_of_pem(const uint8_t *pem, size_t count, int index, uint8_t *output,
                          size_t capacity);
/* Its public key as SubjectPublicKeyInfo, in the same way. */
size_t certificate_public_key(const uint8_t *der, size_t count, uint8_t *output, size_t capacity);

/* Whether its extensions allow it as that of a TLS client; one without them allows everything. */
int certificate_is_for_clients(const uint8_t *der, size_t count);
/* Whether a private key in PEM is that of the certificate: 1 if it is, 0 if not, -1 when there is
 * no such key, or it is encrypted. */
int certificate_fits_key(const uint8_t *der, size_t count, const uint8_t *key, size_t key_count);

enum certificate_name_kind {
  certificate_name_dns,
  certificate_name_uri,
  certificate_name_address,
  certificate_name_email
};

/* Whether subjectAltName has exactly this entry; addresses are compared in binary. */
int certificate_has_name(const uint8_t *der, size_t count, enum certificate_name_kind kind,
                         const char *text);
/* Whether the subject is this name, character by character as certificate_read writes it. */
int certificate_has_subject(const uint8_t *der, size_t count, const char *name);

/* Whether a client's certificate stands under this authority now. The chain is a row of
 * certificates in DER, one behind the other. 0 if it does; else OpenSSL's number of the error. */
int certificate_verify(const uint8_t *der, size_t count, const uint8_t *chain, size_t chain_count,
                       const uint8_t *authority, size_t authority_count, int64_t now);
/* What such a number means, in words of the library. */
const char *certificate_error_text(int error);

/* A throw-away authority with its key, in memory only. */
struct certificate_authority;

struct certificate_authority *certificate_authority_make(const char *common_name, long days);
void certificate_authority_free(struct certificate_authority *authority);
/* Its certificate in DER, as certificate_of_pem gives one. */
size_t certificate_authority_der(const struct certificate_authority *authority, uint8_t *output,
                                 size_t capacity);
/* Makes a key and a certificate for a client; both are PEM texts, freed by certificate_text_free.
 * The subject is a row of types and values in the order of RFC 4514, with NULL behind them. Without
 * an authority the certificate signs itself. 0 when it cannot be made. */
int certificate_issue(const struct certificate_authority *authority, const char *const *subject,
                      const char *names, long days, char **certificate, size_t *certificate_count,
                      char **key, size_t *key_count);
/* Erases and frees a text. */
void certificate_text_free(char *text, size_t count);

#endif
