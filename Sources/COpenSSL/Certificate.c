#include "COpenSSL.h"
#include "Library.h"

#include <arpa/inet.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

// MARK: Reading

static X509 *x509_of(const uint8_t *der, size_t count) {
  const unsigned char *at = der;
  if (!tls_library_open() || count == 0 || count > INT_MAX) return NULL;
  openssl.ERR_clear_error();
  X509 *certificate = tls.d2i_X509(NULL, &at, (long)count);
  // What stands behind it would not be covered by the digest of what was read.
  if (certificate && at != der + count) {
    tls.X509_free(certificate);
    certificate = NULL;
  }
  openssl.ERR_clear_error();
  return certificate;
}

static int64_t seconds_of(const ASN1_TIME *time) {
  struct tm parts;
  return time && tls.ASN1_TIME_to_tm(time, &parts) == 1 ? timegm(&parts) : 0;
}

static void put_name(char *output, size_t capacity, const X509_NAME *name) {
  BIO *bio = name ? tls.BIO_new(tls.BIO_s_mem()) : NULL;
  int count = 0;
  // Control characters are escaped, so a name never breaks a line.
  if (bio && tls.X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0)
    count = tls.BIO_read(bio, output, (int)capacity - 1);
  output[count > 0 ? count : 0] = 0;
  openssl.BIO_free(bio);
}

int certificate_read(const uint8_t *der, size_t count, struct certificate_facts *facts) {
  if (!tls_library_open()) return -1;
  X509 *certificate = x509_of(der, count);
  if (!certificate) return 0;
  int done = crypto_hash("SHA2-256", der, count, facts->sha256, 32);
  facts->begins = seconds_of(tls.X509_get0_notBefore(certificate));
  facts->ends = seconds_of(tls.X509_get0_notAfter(certificate));
  put_name(facts->subject, sizeof facts->subject, tls.X509_get_subject_name(certificate));
  put_name(facts->issuer, sizeof facts->issuer, tls.X509_get_issuer_name(certificate));
  tls.X509_free(certificate);
  openssl.ERR_clear_error();
  return done;
}

static size_t put_der(X509 *certificate, uint8_t *output, size_t capacity) {
  int count = certificate ? tls.i2d_X509(certificate, NULL) : 0;
  if (count <= 0) return 0;
  if ((size_t)count <= capacity) tls.i2d_X509(certificate, &output);
  return (size_t)count;
}

size_t certificate_of_pem(const uint8_t *pem, size_t count, int index, uint8_t *output,
                          size_t capacity) {
  if (!tls_library_open() || count > INT_MAX) return 0;
  openssl.ERR_clear_error();
  BIO *source = openssl.BIO_new_mem_buf(pem, (int)count);
  X509 *certificate = NULL;
  for (int at = 0; source && at <= index; at++) {
    tls.X509_free(certificate);
    certificate = tls.PEM_read_bio_X509(source, NULL, no_passphrase, NULL);
    if (!certificate) break;
  }
  size_t written = put_der(certificate, output, capacity);
  tls.X509_free(certificate);
  openssl.BIO_free(source);
  openssl.ERR_clear_error();
  return written;
}

size_t certificate_public_key(const uint8_t *der, size_t count, uint8_t *output, size_t capacity) {
  X509 *certificate = x509_of(der, count);
  if (!certificate) return 0;
  X509_PUBKEY *key = tls.X509_get_X509_PUBKEY(certificate);
  int length = tls.i2d_X509_PUBKEY(key, NULL);
  if (length > 0 && (size_t)length <= capacity) tls.i2d_X509_PUBKEY(key, &output);
  tls.X509_free(certificate);
  return length > 0 ? (size_t)length : 0;
}

int certificate_is_for_clients(const uint8_t *der, size_t count) {
  X509 *certificate = x509_of(der, count);
  int is = certificate && tls.X509_check_purpose(certificate, X509_PURPOSE_SSL_CLIENT, 0) == 1;
  tls.X509_free(certificate);
  if (tls_library_open()) openssl.ERR_clear_error();
  return is;
}

int certificate_fits_key(const uint8_t *der, size_t count, const uint8_t *key, size_t key_count) {
  X509 *certificate = x509_of(der, count);
  BIO *source = certificate && key_count <= INT_MAX
                    ? openssl.BIO_new_mem_buf(key, (int)key_count) : NULL;
  EVP_PKEY *pair =
      source ? openssl.PEM_read_bio_PrivateKey(source, NULL, no_passphrase, NULL) : NULL;
  int fits = pair ? tls.X509_check_private_key(certificate, pair) == 1 : -1;
  openssl.EVP_PKEY_free(pair);
  openssl.BIO_free(source);
  tls.X509_free(certificate);
  if (tls_library_open()) openssl.ERR_clear_error();
  return fits;
}

// MARK: Names

static int is_entry(const GENERAL_NAME *name, enum certificate_name_kind kind, const char *text,
                    const unsigned char *address, int address_count) {
  static const int kinds[] = {GEN_DNS, GEN_URI, GEN_IPADD, GEN_EMAIL};
  if (name->type != kinds[kind]) return 0;
  const ASN1_STRING *entry = kind == certificate_name_address ? name->d.iPAddress : name->d.ia5;
  const unsigned char *bytes = tls.ASN1_STRING_get0_data(entry);
  int count = tls.ASN1_STRING_length(entry);
  if (kind == certificate_name_address)
    return count == address_count && memcmp(bytes, address, (size_t)count) == 0;
  if (count != (int)strlen(text)) return 0;
  // Only host names have no case.
  return kind == certificate_name_dns ? strncasecmp((const char *)bytes, text, (size_t)count) == 0
                                      : memcmp(bytes, text, (size_t)count) == 0;
}

int certificate_has_name(const uint8_t *der, size_t count, enum certificate_name_kind kind,
                         const char *text) {
  unsigned char address[16];
  int address_count = inet_pton(AF_INET, text, address) == 1    ? 4
                      : inet_pton(AF_INET6, text, address) == 1 ? 16
                                                                : -1;
  X509 *certificate = x509_of(der, count);
  GENERAL_NAMES *names =
      certificate ? tls.X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL) : NULL;
  int found = 0;
  int all = names ? tls.OPENSSL_sk_num((const OPENSSL_STACK *)names) : 0;
  for (int at = 0; at < all && !found; at++)
    found = is_entry(tls.OPENSSL_sk_value((const OPENSSL_STACK *)names, at), kind, text, address,
                     address_count);
  tls.GENERAL_NAMES_free(names);
  tls.X509_free(certificate);
  return found;
}

int certificate_has_subject(const uint8_t *der, size_t count, const char *name) {
  struct certificate_facts *facts = malloc(sizeof *facts);
  int same = facts && certificate_read(der, count, facts) == 1 && strcmp(facts->subject, name) == 0;
  free(facts);
  return same;
}

// MARK: A chain

int certificate_verify(const uint8_t *der, size_t count, const uint8_t *chain, size_t chain_count,
                       const uint8_t *authority, size_t authority_count, int64_t now) {
  X509 *leaf = x509_of(der, count);
  X509 *root = x509_of(authority, authority_count);
  int error = X509_V_ERR_UNSPECIFIED;
  if (leaf && root) {
    X509_STORE *store = tls.X509_STORE_new();
    X509_STORE_CTX *context = tls.X509_STORE_CTX_new();
    OPENSSL_STACK *between = tls.OPENSSL_sk_new_null();
    const unsigned char *at = chain;
    while (between && at < chain + chain_count) {
      X509 *next = tls.d2i_X509(NULL, &at, (long)(chain + chain_count - at));
      if (!next) break;
      if (!tls.OPENSSL_sk_push(between, next)) tls.X509_free(next);
    }
    if (store && context && between && tls.X509_STORE_add_cert(store, root) == 1 &&
        tls.X509_STORE_CTX_init(context, store, leaf, (STACK_OF(X509) *)between) == 1) {
      tls.X509_STORE_CTX_set_time(context, 0, (time_t)now);
      tls.X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_CLIENT);
      error = tls.X509_verify_cert(context) == 1 ? X509_V_OK
                                                 : tls.X509_STORE_CTX_get_error(context);
    }
    tls.X509_STORE_CTX_free(context);
    tls.X509_STORE_free(store);
    tls.OPENSSL_sk_pop_free(between, (OPENSSL_sk_freefunc)tls.X509_free);
    openssl.ERR_clear_error();
  }
  tls.X509_free(leaf);
  tls.X509_free(root);
  return error;
}

const char *certificate_error_text(int error) {
  return tls_library_open() ? tls.X509_verify_cert_error_string(error) : "libssl cannot be loaded";
}

// MARK: Throw-away certificates

struct certificate_authority {
  X509 *certificate;
  EVP_PKEY *key;
};

enum { seconds_of_a_day = 86400, seconds_before_now = 3600, version_3 = 2 };

int certificate_extend(X509 *certificate, X509 *issuer, int kind, const char *text) {
  X509V3_CTX context;
  tls.X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
  X509_EXTENSION *extension = tls.X509V3_EXT_conf_nid(NULL, &context, kind, text);
  int done = extension && tls.X509_add_ext(certificate, extension, -1) == 1;
  tls.X509_EXTENSION_free(extension);
  return done;
}

/* RFC 5280, section 4.1.2.2: positive, and 20 bytes at most. */
static int set_serial_number(X509 *certificate) {
  BIGNUM *number = tls.BN_new();
  ASN1_INTEGER *serial = NULL;
  if (number && tls.BN_rand(number, 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1)
    serial = tls.BN_to_ASN1_INTEGER(number, NULL);
  int done = serial && tls.X509_set_serialNumber(certificate, serial) == 1;
  tls.ASN1_INTEGER_free(serial);
  openssl.BN_free(number);
  return done;
}

int certificate_fill(X509 *certificate, X509 *issuer, EVP_PKEY *key, const char *common_name,
                     long days) {
  X509_NAME *name = tls.X509_get_subject_name(certificate);
  return tls.X509_set_version(certificate, version_3) == 1 && set_serial_number(certificate) &&
         tls.X509_gmtime_adj(tls.X509_getm_notBefore(certificate), -seconds_before_now) &&
         tls.X509_gmtime_adj(tls.X509_getm_notAfter(certificate), days * seconds_of_a_day) &&
         (!common_name ||
          tls.X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                         (const unsigned char *)common_name, -1, -1, 0) == 1) &&
         tls.X509_set_issuer_name(certificate, tls.X509_get_subject_name(issuer)) == 1 &&
         tls.X509_set_pubkey(certificate, key) == 1 &&
         certificate_extend(certificate, issuer, NID_subject_key_identifier, "hash");
}

struct certificate_authority *certificate_authority_make(const char *common_name, long days) {
  if (!tls_library_open()) return NULL;
  openssl.ERR_clear_error();
  struct certificate_authority *authority = calloc(1, sizeof *authority);
  EVP_PKEY *key = openssl.EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
  X509 *certificate = tls.X509_new();
  if (authority && key && certificate &&
      certificate_fill(certificate, certificate, key, common_name, days) &&
      certificate_extend(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
      certificate_extend(certificate, certificate, NID_key_usage, "critical,keyCertSign") &&
      tls.X509_sign(certificate, key, tls.EVP_sha256()) > 0) {
    authority->certificate = certificate;
    authority->key = key;
    return authority;
  }
  tls.X509_free(certificate);
  openssl.EVP_PKEY_free(key);
  free(authority);
  return NULL;
}

void certificate_authority_free(struct certificate_authority *authority) {
  if (!authority) return;
  tls.X509_free(authority->certificate);
  openssl.EVP_PKEY_free(authority->key);
  free(authority);
}

size_t certificate_authority_der(const struct certificate_authority *authority, uint8_t *output,
                                 size_t capacity) {
  return put_der(authority->certificate, output, capacity);
}

/* Moves what a BIO holds to a text of its own. */
static char *text_of(BIO *bio, size_t *count) {
  size_t held = bio ? tls.BIO_ctrl_pending(bio) : 0;
  char *text = held > 0 && held < INT_MAX ? malloc(held) : NULL;
  if (text && tls.BIO_read(bio, text, (int)held) != (int)held) {
    certificate_text_free(text, held);
    text = NULL;
  }
  *count = text ? held : 0;
  return text;
}

/* Puts a name in place of the one that is there, its last part first: RFC 4514, section 2.1. */
static int set_subject(X509 *certificate, const char *const *subject) {
  size_t count = 0;
  while (subject[count]) count++;
  X509_NAME *name = tls.X509_get_subject_name(certificate);
  for (size_t at = count; at >= 2; at -= 2)
    if (tls.X509_NAME_add_entry_by_txt(name, subject[at - 2], MBSTRING_UTF8,
                                       (const unsigned char *)subject[at - 1], -1, -1, 0) != 1)
      return 0;
  return 1;
}

int certificate_issue(const struct certificate_authority *authority, const char *const *subject,
                      const char *names, long days, char **certificate_text,
                      size_t *certificate_count, char **key_text, size_t *key_count) {
  *certificate_text = *key_text = NULL;
  if (!tls_library_open()) return 0;
  openssl.ERR_clear_error();
  EVP_PKEY *key = openssl.EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
  X509 *certificate = tls.X509_new();
  X509 *issuer = authority ? authority->certificate : certificate;
  BIO *pem = tls.BIO_new(tls.BIO_s_mem());
  BIO *secret = tls.BIO_new(tls.BIO_s_secmem());
  if (key && certificate && pem && secret && set_subject(certificate, subject) &&
      certificate_fill(certificate, issuer, key, NULL, days) &&
      certificate_extend(certificate, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
      certificate_extend(certificate, issuer, NID_key_usage, "critical,digitalSignature") &&
      certificate_extend(certificate, issuer, NID_ext_key_usage, "clientAuth") &&
      (!names || certificate_extend(certificate, issuer, NID_subject_alt_name, names)) &&
      tls.X509_sign(certificate, authority ? authority->key : key, tls.EVP_sha256()) > 0 &&
      tls.PEM_write_bio_X509(pem, certificate) == 1 &&
      tls.PEM_write_bio_PrivateKey(secret, key, NULL, NULL, 0, NULL, NULL) == 1) {
    *certificate_text = text_of(pem, certificate_count);
    *key_text = text_of(secret, key_count);
  }
  openssl.BIO_free(pem);
  openssl.BIO_free(secret);
  tls.X509_free(certificate);
  openssl.EVP_PKEY_free(key);
  openssl.ERR_clear_error();
  if (*certificate_text && *key_text) return 1;
  certificate_text_free(*certificate_text, *certificate_count);
  certificate_text_free(*key_text, *key_count);
  *certificate_text = *key_text = NULL;
  return 0;
}

void certificate_text_free(char *text, size_t count) {
  if (text) openssl.OPENSSL_cleanse(text, count);
  free(text);
}
