#include "COpenSSL.h"
#include "Library.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct tls_identity {
  SSL_CTX *context;
  X509 *certificate;
};

struct tls_session {
  SSL *ssl;
  /* They belong to ssl. */
  BIO *input;
  BIO *output;
  int alert;
  int is_too_old;
  int has_failed;
};

// MARK: The identity

static const unsigned char protocols[] = "\x08http/1.1";

/* A client that offers other protocols only goes on without one: it may speak HTTP/1.1 all the
 * same. */
static int choose_protocol(SSL *ssl, const unsigned char **chosen, unsigned char *chosen_count,
                           const unsigned char *offered, unsigned int count, void *user) {
  (void)ssl, (void)user;
  for (unsigned int at = 0; at < count && at + 1 + offered[at] <= count; at += 1 + offered[at]) {
    if (offered[at] == protocols[0] && memcmp(offered + at + 1, protocols + 1, offered[at]) == 0) {
      *chosen = offered + at + 1;
      *chosen_count = offered[at];
      return SSL_TLSEXT_ERR_OK;
    }
  }
  return SSL_TLSEXT_ERR_NOACK;
}

static int set_rules(SSL_CTX *context) {
  tls.SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET |
                                       SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  tls.SSL_CTX_ctrl(context, SSL_CTRL_SET_SESS_CACHE_MODE, SSL_SESS_CACHE_OFF, NULL);
  tls.SSL_CTX_ctrl(context, SSL_CTRL_MODE, SSL_MODE_RELEASE_BUFFERS, NULL);
  tls.SSL_CTX_set_alpn_select_cb(context, choose_protocol, NULL);
  return tls.SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, TLS1_2_VERSION, NULL) == 1 &&
         tls.SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_PROTO_VERSION, TLS1_3_VERSION, NULL) == 1 &&
         tls.SSL_CTX_set_num_tickets(context, 0) == 1;
}

/* Takes the certificate over, whatever becomes of it; the key stays with the caller. */
static struct tls_identity *identity_of(X509 *certificate, EVP_PKEY *key,
                                        enum tls_identity_fault *fault) {
  struct tls_identity *identity = calloc(1, sizeof *identity);
  SSL_CTX *context = tls.SSL_CTX_new(tls.TLS_server_method());
  *fault = tls_identity_refused;
  if (identity && context && set_rules(context) &&
      tls.SSL_CTX_use_certificate(context, certificate) == 1 &&
      tls.SSL_CTX_use_PrivateKey(context, key) == 1) {
    identity->context = context;
    identity->certificate = certificate;
    *fault = tls_identity_fine;
    return identity;
  }
  tls.SSL_CTX_free(context);
  tls.X509_free(certificate);
  free(identity);
  return NULL;
}

static BIO *source_of(const uint8_t *text, size_t count) {
  return count > INT_MAX ? NULL : openssl.BIO_new_mem_buf(text, (int)count);
}

static X509 *next_certificate(BIO *source) {
  return source ? tls.PEM_read_bio_X509(source, NULL, no_passphrase, NULL) : NULL;
}

struct tls_identity *tls_identity_read(const uint8_t *certificates, size_t certificates_count,
                                       const uint8_t *key_text, size_t key_count,
                                       enum tls_identity_fault *fault) {
  *fault = tls_identity_no_library;
  if (!tls_library_open()) return NULL;
  openssl.ERR_clear_error();
  BIO *source = source_of(certificates, certificates_count);
  BIO *key_source = source_of(key_text, key_count);
  struct tls_identity *identity = NULL;
  X509 *certificate = next_certificate(source);
  EVP_PKEY *key =
      key_source ? openssl.PEM_read_bio_PrivateKey(key_source, NULL, no_passphrase, NULL) : NULL;
  if (!certificate) {
    *fault = tls_identity_no_certificate;
  } else if (!key) {
    *fault = tls_identity_no_key;
  } else if (tls.X509_check_private_key(certificate, key) != 1) {
    *fault = tls_identity_other_key;
  } else {
    identity = identity_of(certificate, key, fault);
    certificate = NULL;
  }
  X509 *above;
  while (identity && (above = next_certificate(source))) {
    /* The context takes it over, unless it refuses it. */
    if (tls.SSL_CTX_ctrl(identity->context, SSL_CTRL_CHAIN_CERT, 0, above) != 1) {
      tls.X509_free(above);
    }
  }
  tls.X509_free(certificate);
  openssl.EVP_PKEY_free(key);
  openssl.BIO_free(source);
  openssl.BIO_free(key_source);
  if (identity) openssl.ERR_clear_error();
  return identity;
}

/* An end entity and no authority: a person who trusts it for a test lets its key, which is gone
 * soon, vouch for these names only. */
static int fill_certificate(X509 *certificate, EVP_PKEY *key, const char *common_name,
                            const char *names, long days) {
  return certificate_fill(certificate, certificate, key, common_name, days) &&
         certificate_extend(certificate, certificate, NID_basic_constraints, "critical,CA:FALSE") &&
         certificate_extend(certificate, certificate, NID_key_usage, "critical,digitalSignature") &&
         certificate_extend(certificate, certificate, NID_ext_key_usage, "serverAuth") &&
         certificate_extend(certificate, certificate, NID_subject_alt_name, names) &&
         tls.X509_sign(certificate, key, tls.EVP_sha256()) > 0;
}

struct tls_identity *tls_identity_make(const char *common_name, const char *names, long days,
                                       enum tls_identity_fault *fault) {
  *fault = tls_identity_no_library;
  if (!tls_library_open()) return NULL;
  openssl.ERR_clear_error();
  *fault = tls_identity_refused;
  EVP_PKEY *key = openssl.EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
  X509 *certificate = tls.X509_new();
  struct tls_identity *identity = NULL;
  if (key && certificate && fill_certificate(certificate, key, common_name, names, days)) {
    identity = identity_of(certificate, key, fault);
    certificate = NULL;
  }
  tls.X509_free(certificate);
  openssl.EVP_PKEY_free(key);
  return identity;
}

/* What the client shows is taken as it is: whoever reads the request judges it. */
static int take_any(X509_STORE_CTX *context, void *user) {
  (void)context, (void)user;
  return 1;
}

void tls_identity_ask(struct tls_identity *identity) {
  tls.SSL_CTX_set_verify(identity->context, SSL_VERIFY_PEER, NULL);
  tls.SSL_CTX_set_cert_verify_callback(identity->context, take_any, NULL);
}

void tls_identity_free(struct tls_identity *identity) {
  if (!identity) return;
  tls.SSL_CTX_free(identity->context);
  tls.X509_free(identity->certificate);
  free(identity);
}

size_t tls_identity_der(const struct tls_identity *identity, uint8_t *output, size_t capacity) {
  int count = tls.i2d_X509(identity->certificate, NULL);
  if (count <= 0) return 0;
  if ((size_t)count <= capacity) tls.i2d_X509(identity->certificate, &output);
  return (size_t)count;
}

int tls_identity_fingerprint(const struct tls_identity *identity, uint8_t output[32]) {
  unsigned int count = 32;
  return tls.X509_digest(identity->certificate, tls.EVP_sha256(), output, &count) == 1;
}

int tls_identity_key_digest(const struct tls_identity *identity, uint8_t output[32]) {
  uint8_t *key = NULL;
  int count = tls.i2d_X509_PUBKEY(tls.X509_get_X509_PUBKEY(identity->certificate), &key);
  int done = count > 0 && crypto_hash("SHA2-256", key, (size_t)count, output, 32);
  openssl.CRYPTO_free(key, NULL, 0);
  return done;
}

static int64_t seconds_of(const ASN1_TIME *time) {
  struct tm parts;
  return time && tls.ASN1_TIME_to_tm(time, &parts) == 1 ? timegm(&parts) : 0;
}

int64_t tls_identity_begins(const struct tls_identity *identity) {
  return seconds_of(tls.X509_get0_notBefore(identity->certificate));
}

int64_t tls_identity_ends(const struct tls_identity *identity) {
  return seconds_of(tls.X509_get0_notAfter(identity->certificate));
}

int tls_identity_names(const struct tls_identity *identity, const char *host) {
  int found = tls.X509_check_ip_asc(identity->certificate, host, 0) == 1 ||
              tls.X509_check_host(identity->certificate, host, 0,
                                  X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, NULL) == 1;
  openssl.ERR_clear_error();
  return found;
}

// MARK: The session

struct tls_session *tls_session_make(struct tls_identity *identity) {
  struct tls_session *session = calloc(1, sizeof *session);
  SSL *ssl = tls.SSL_new(identity->context);
  BIO *input = tls.BIO_new(tls.BIO_s_mem());
  BIO *output = tls.BIO_new(tls.BIO_s_mem());
  if (session && ssl && input && output) {
    tls.SSL_set_bio(ssl, input, output);
    tls.SSL_set_accept_state(ssl);
    session->ssl = ssl;
    session->input = input;
    session->output = output;
    return session;
  }
  openssl.BIO_free(input);
  openssl.BIO_free(output);
  tls.SSL_free(ssl);
  free(session);
  return NULL;
}

void tls_session_free(struct tls_session *session) {
  if (!session) return;
  tls.SSL_free(session->ssl);
  free(session);
}

int tls_session_feed(struct tls_session *session, const uint8_t *bytes, size_t count) {
  if (count > INT_MAX) return 0;
  return count == 0 || tls.BIO_write(session->input, bytes, (int)count) == (int)count;
}

size_t tls_session_take(struct tls_session *session, uint8_t *output, size_t capacity) {
  int count = tls.BIO_read(session->output, output, capacity > INT_MAX ? INT_MAX : (int)capacity);
  return count > 0 ? (size_t)count : 0;
}

/* What a call that did not succeed means; a session that failed once stays so. */
static int outcome_of(struct tls_session *session, int result) {
  switch (tls.SSL_get_error(session->ssl, result)) {
  case SSL_ERROR_WANT_READ:
  case SSL_ERROR_WANT_WRITE: return tls_wants_more;
  case SSL_ERROR_ZERO_RETURN: return tls_ended;
  default: break;
  }
  unsigned long error = tls.ERR_peek_error();
  int reason = ERR_GET_LIB(error) == ERR_LIB_SSL ? ERR_GET_REASON(error) : 0;
  if (reason > SSL_AD_REASON_OFFSET && reason < SSL_AD_REASON_OFFSET + 256) {
    session->alert = reason - SSL_AD_REASON_OFFSET;
  }
  session->is_too_old =
      reason == SSL_R_UNSUPPORTED_PROTOCOL || reason == SSL_R_VERSION_TOO_LOW;
  session->has_failed = 1;
  openssl.ERR_clear_error();
  return tls_failed;
}

int tls_session_shake(struct tls_session *session) {
  if (session->has_failed) return tls_failed;
  openssl.ERR_clear_error();
  int result = tls.SSL_do_handshake(session->ssl);
  if (result == 1) return 1;
  int outcome = outcome_of(session, result);
  return outcome == tls_ended ? tls_failed : outcome;
}

long tls_session_read(struct tls_session *session, uint8_t *output, size_t capacity) {
  if (session->has_failed) return tls_failed;
  openssl.ERR_clear_error();
  int most = capacity > INT_MAX ? INT_MAX : (int)capacity;
  int count = tls.SSL_read(session->ssl, output, most);
  return count > 0 ? count : outcome_of(session, count);
}

long tls_session_write(struct tls_session *session, const uint8_t *bytes, size_t count) {
  if (session->has_failed || count == 0 || count > INT_MAX) return tls_failed;
  openssl.ERR_clear_error();
  int written = tls.SSL_write(session->ssl, bytes, (int)count);
  if (written > 0) return written;
  // A buffer in memory takes everything: whatever else it wants does not come here.
  outcome_of(session, written);
  session->has_failed = 1;
  return tls_failed;
}

void tls_session_finish(struct tls_session *session) {
  if (session->has_failed || !tls.SSL_is_init_finished(session->ssl)) return;
  tls.SSL_shutdown(session->ssl);
  openssl.ERR_clear_error();
}

int tls_session_holds_input(const struct tls_session *session) {
  return !session->has_failed && (tls.SSL_pending(session->ssl) > 0 ||
                                  tls.BIO_ctrl_pending(session->input) > 0);
}

const char *tls_session_version(const struct tls_session *session) {
  return tls.SSL_get_version(session->ssl);
}

const char *tls_session_cipher(const struct tls_session *session) {
  return tls.SSL_CIPHER_get_name(tls.SSL_get_current_cipher(session->ssl));
}

size_t tls_session_peer(const struct tls_session *session, int index, uint8_t *output,
                        size_t capacity) {
  X509 *own = index == 0 ? tls.SSL_get1_peer_certificate(session->ssl) : NULL;
  const OPENSSL_STACK *chain = (const OPENSSL_STACK *)tls.SSL_get_peer_cert_chain(session->ssl);
  X509 *certificate = own;
  // On this side of the connection the chain is without the client's own.
  if (index > 0 && chain && index <= tls.OPENSSL_sk_num(chain))
    certificate = tls.OPENSSL_sk_value(chain, index - 1);
  int count = certificate ? tls.i2d_X509(certificate, NULL) : 0;
  if (count > 0 && (size_t)count <= capacity) tls.i2d_X509(certificate, &output);
  tls.X509_free(own);
  return count > 0 ? (size_t)count : 0;
}

int tls_session_alert(const struct tls_session *session) { return session->alert; }

int tls_session_is_too_old(const struct tls_session *session) { return session->is_too_old; }
