#include "CCurl.h"
#include "Library.h"
#include "Peer.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

// What the callbacks of one easy handle need; freed with it.
struct companion {
  ccurl_receiver receiver;
  void *user;
  struct curl_slist *lines;
  struct curl_slist *addresses;
  struct peer_watch watch;
  bool has_first_bytes;
  char error[CURL_ERROR_SIZE];
};

static struct companion *companion_of(void *easy) {
  char *found = NULL;
  library.curl_easy_getinfo(easy, CURLINFO_PRIVATE, &found);
  return (struct companion *)found;
}

const char *ccurl_version_text(void) { return ccurl_start() ? library.curl_version() : ""; }

void *ccurl_multi_make(long most_idle_connections) {
  CURLM *multi = ccurl_start() ? library.curl_multi_init() : NULL;
  if (multi) {
    library.curl_multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
    library.curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, most_idle_connections);
  }
  return multi;
}

void ccurl_multi_free(void *multi) { library.curl_multi_cleanup(multi); }

bool ccurl_multi_add(void *multi, void *easy) {
  return library.curl_multi_add_handle(multi, easy) == CURLM_OK;
}

void ccurl_multi_remove(void *multi, void *easy) { library.curl_multi_remove_handle(multi, easy); }

void ccurl_multi_perform(void *multi) {
  int running = 0;
  library.curl_multi_perform(multi, &running);
}

bool ccurl_multi_next_done(void *multi, void **easy, int *code) {
  int left = 0;
  CURLMsg *message;
  while ((message = library.curl_multi_info_read(multi, &left))) {
    if (message->msg == CURLMSG_DONE) {
      *easy = message->easy_handle;
      *code = (int)message->data.result;
      return true;
    }
  }
  return false;
}

bool ccurl_multi_wait(void *multi, struct ccurl_watch *watches, unsigned count, int milliseconds) {
  struct curl_waitfd *waits = calloc(count + 1, sizeof *waits);
  struct pollfd *polls = calloc(count + 1, sizeof *polls);
  bool good = waits && polls;
  if (good) {
    for (unsigned i = 0; i < count; i++) {
      waits[i].fd = polls[i].fd = watches[i].descriptor;
      waits[i].events = (watches[i].wants_read ? CURL_WAIT_POLLIN : 0) |
                        (watches[i].wants_write ? CURL_WAIT_POLLOUT : 0);
      polls[i].events = (watches[i].wants_read ? POLLIN : 0) |
                        (watches[i].wants_write ? POLLOUT : 0);
      watches[i].is_ready = false;
    }
    if (multi == NULL) {
      // Nothing was ever sent: libcurl is not there yet, and not needed for waiting.
      good = poll(polls, count, milliseconds) >= 0 || errno == EINTR;
    } else {
      good = library.curl_multi_poll(multi, waits, count, milliseconds, NULL) == CURLM_OK;
    }
    // curl_multi_poll does not report POLLNVAL and hides POLLHUP: ask once more, without waiting.
    if (good && count > 0 && poll(polls, count, 0) > 0)
      for (unsigned i = 0; i < count; i++) watches[i].is_ready = polls[i].revents != 0;
  }
  free(waits);
  free(polls);
  return good;
}

static size_t take_head(char *data, size_t size, size_t count, void *user) {
  struct companion *me = user;
  bool go = me->receiver(ccurl_part_response_head, (uint8_t *)data, size * count, me->user);
  return go ? size * count : 0;
}

static size_t take_body(char *data, size_t size, size_t count, void *user) {
  struct companion *me = user;
  if (size * count == 0) return 0;
  bool go = me->receiver(ccurl_part_response_body, (uint8_t *)data, size * count, me->user);
  return go ? size * count : 0;
}

// The only way to the head as it was really sent; bodies and TLS records are not looked at, but for
// the first bytes of the first record, which tell a server that does not speak TLS.
static int take_debug(CURL *easy, curl_infotype type, char *data, size_t count, void *user) {
  static const char handshake[] = "SSL connection using ";
  static const char expiry[] = " expire date: ";
  const size_t prefix = sizeof handshake - 1;
  const size_t expiry_prefix = sizeof expiry - 1;
  struct companion *me = user;
  (void)easy;
  if (type == CURLINFO_SSL_DATA_IN && !me->has_first_bytes && count > 0) {
    me->has_first_bytes = true;
    me->receiver(ccurl_part_first_bytes, (uint8_t *)data, count < 5 ? count : 5, me->user);
  } else if (type == CURLINFO_HEADER_OUT)
    me->receiver(ccurl_part_request_head, (uint8_t *)data, count, me->user);
  else if (type == CURLINFO_TEXT && count > prefix && !memcmp(data, handshake, prefix))
    me->receiver(ccurl_part_handshake, (uint8_t *)data + prefix, count - prefix, me->user);
  else if (type == CURLINFO_TEXT && count > expiry_prefix && !memcmp(data, expiry, expiry_prefix))
    me->receiver(ccurl_part_certificate_expiry, (uint8_t *)data + expiry_prefix,
                 count - expiry_prefix, me->user);
  return 0;
}

static CURLcode take_context(CURL *easy, void *context, void *user) {
  struct companion *me = user;
  (void)easy;
  peer_observe(&me->watch, context);
  return CURLE_OK;
}

static bool set_long(void *easy, CURLoption option, long value) {
  return library.curl_easy_setopt(easy, option, value) == CURLE_OK;
}

static bool set_text(void *easy, CURLoption option, const char *value) {
  return library.curl_easy_setopt(easy, option, value) == CURLE_OK;
}

// What holds for every transfer: nothing is followed, decoded, remembered or left unverified.
static bool set_rules(CURL *easy) {
  return set_long(easy, CURLOPT_NOSIGNAL, 1) && set_long(easy, CURLOPT_FOLLOWLOCATION, 0) &&
         set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https") &&
         set_long(easy, CURLOPT_SSL_VERIFYPEER, 1) && set_long(easy, CURLOPT_SSL_VERIFYHOST, 2) &&
         set_long(easy, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2) &&
         set_long(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1) &&
         set_long(easy, CURLOPT_HTTP09_ALLOWED, 0) && set_long(easy, CURLOPT_PATH_AS_IS, 1) &&
         set_long(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1) &&
         set_long(easy, CURLOPT_NETRC, CURL_NETRC_IGNORED) &&
         set_long(easy, CURLOPT_TCP_NODELAY, 1) &&
         // A time-out while the name server is silent must not block in the clean-up.
         set_long(easy, CURLOPT_QUICK_EXIT, 1);
}

bool ccurl_limit_tls(void *easy) {
  return set_long(easy, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2 | CURL_SSLVERSION_MAX_TLSv1_2);
}

void *ccurl_easy_make(ccurl_receiver receiver, void *user) {
  struct companion *me = calloc(1, sizeof *me);
  CURL *easy = ccurl_start() ? library.curl_easy_init() : NULL;
  bool good = me && easy;
  if (good) {
    me->receiver = receiver;
    me->user = user;
    me->watch.receiver = receiver;
    me->watch.user = user;
    good = library.curl_easy_setopt(easy, CURLOPT_PRIVATE, me) == CURLE_OK &&
           library.curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, me->error) == CURLE_OK &&
           library.curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_head) == CURLE_OK &&
           library.curl_easy_setopt(easy, CURLOPT_HEADERDATA, me) == CURLE_OK &&
           library.curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
           library.curl_easy_setopt(easy, CURLOPT_WRITEDATA, me) == CURLE_OK &&
           library.curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, take_debug) == CURLE_OK &&
           library.curl_easy_setopt(easy, CURLOPT_DEBUGDATA, me) == CURLE_OK &&
           set_long(easy, CURLOPT_VERBOSE, 1) && set_rules(easy);
  }
  if (good) {
    // A libcurl with another TLS library than OpenSSL has no such option: then less is known.
    library.curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, take_context);
    library.curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, me);
    return easy;
  }
  if (easy) library.curl_easy_cleanup(easy);
  free(me);
  return NULL;
}

void ccurl_easy_free(void *easy) {
  struct companion *me = companion_of(easy);
  library.curl_easy_cleanup(easy);
  if (me) {
    peer_forget(&me->watch);
    library.curl_slist_free_all(me->lines);
    library.curl_slist_free_all(me->addresses);
  }
  free(me);
}

bool ccurl_set_url(void *easy, const char *url) { return set_text(easy, CURLOPT_URL, url); }

bool ccurl_set_request_target(void *easy, const char *target) {
  return set_text(easy, CURLOPT_REQUEST_TARGET, target);
}

bool ccurl_set_method_get(void *easy) { return set_long(easy, CURLOPT_HTTPGET, 1); }

bool ccurl_set_method_head(void *easy) { return set_long(easy, CURLOPT_NOBODY, 1); }

bool ccurl_set_method(void *easy, const char *name) {
  return set_text(easy, CURLOPT_CUSTOMREQUEST, name);
}

bool ccurl_set_body(void *easy, const uint8_t *bytes, size_t count) {
  return set_long(easy, CURLOPT_POST, 1) &&
         library.curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count) ==
             CURLE_OK &&
         library.curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, count ? (const char *)bytes : "") ==
             CURLE_OK;
}

bool ccurl_add_header_line(void *easy, const char *line) {
  struct companion *me = companion_of(easy);
  struct curl_slist *longer = library.curl_slist_append(me->lines, line);
  if (longer) me->lines = longer;
  return longer != NULL;
}

bool ccurl_use_header_lines(void *easy) {
  return library.curl_easy_setopt(easy, CURLOPT_HTTPHEADER, companion_of(easy)->lines) == CURLE_OK;
}

bool ccurl_set_time_outs(void *easy, long total_milliseconds, long connect_milliseconds) {
  return set_long(easy, CURLOPT_TIMEOUT_MS, total_milliseconds) &&
         set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, connect_milliseconds);
}

bool ccurl_bypass_proxies(void *easy) {
  return set_text(easy, CURLOPT_PROXY, "") && set_text(easy, CURLOPT_NOPROXY, "*");
}

bool ccurl_use_proxy(void *easy, const char *url) {
  return set_text(easy, CURLOPT_PROXY, url) && set_text(easy, CURLOPT_NOPROXY, "");
}

bool ccurl_set_authorities(void *easy, const uint8_t *pem, size_t count) {
  struct curl_blob blob = {(void *)pem, count, CURL_BLOB_COPY};
  return library.curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob) == CURLE_OK;
}

bool ccurl_trust_only(void *easy, const uint8_t *pem, size_t count, const char *pin) {
  return ccurl_set_authorities(easy, pem, count) && set_text(easy, CURLOPT_CAPATH, NULL) &&
         set_text(easy, CURLOPT_PINNEDPUBLICKEY, pin);
}

bool ccurl_set_certificate(void *easy, const uint8_t *pem, size_t count, const uint8_t *key,
                           size_t key_count) {
  struct curl_blob certificate = {(void *)pem, count, CURL_BLOB_COPY};
  struct curl_blob secret = {(void *)key, key_count, CURL_BLOB_COPY};
  return set_text(easy, CURLOPT_SSLCERTTYPE, "PEM") && set_text(easy, CURLOPT_SSLKEYTYPE, "PEM") &&
         library.curl_easy_setopt(easy, CURLOPT_SSLCERT_BLOB, &certificate) == CURLE_OK &&
         library.curl_easy_setopt(easy, CURLOPT_SSLKEY_BLOB, &secret) == CURLE_OK;
}

bool ccurl_set_address(void *easy, const char *host_port_address) {
  struct companion *me = companion_of(easy);
  struct curl_slist *longer = library.curl_slist_append(me->addresses, host_port_address);
  if (!longer) return false;
  me->addresses = longer;
  return library.curl_easy_setopt(easy, CURLOPT_RESOLVE, me->addresses) == CURLE_OK;
}

const char *ccurl_default_authorities_file(void *easy) {
  char *path = NULL;
  library.curl_easy_getinfo(easy, CURLINFO_CAINFO, &path);
  return path;
}

enum ccurl_outcome ccurl_outcome_of(int code) {
  switch ((CURLcode)code) {
  case CURLE_OK: return ccurl_outcome_done;
  case CURLE_COULDNT_RESOLVE_HOST: return ccurl_outcome_cannot_resolve;
  case CURLE_COULDNT_RESOLVE_PROXY: return ccurl_outcome_cannot_resolve_proxy;
  case CURLE_COULDNT_CONNECT: return ccurl_outcome_cannot_connect;
  case CURLE_OPERATION_TIMEDOUT: return ccurl_outcome_timed_out;
  case CURLE_SSL_CONNECT_ERROR:
  case CURLE_SSL_ENGINE_NOTFOUND:
  case CURLE_SSL_ENGINE_SETFAILED:
  case CURLE_SSL_CERTPROBLEM:
  case CURLE_SSL_CIPHER:
  case CURLE_PEER_FAILED_VERIFICATION:
  case CURLE_SSL_ENGINE_INITFAILED:
  case CURLE_SSL_SHUTDOWN_FAILED:
  case CURLE_SSL_CRL_BADFILE:
  case CURLE_SSL_ISSUER_ERROR:
  case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
  case CURLE_SSL_INVALIDCERTSTATUS:
  case CURLE_SSL_CLIENTCERT:
  case CURLE_USE_SSL_FAILED: return ccurl_outcome_tls;
  case CURLE_SSL_CACERT_BADFILE: return ccurl_outcome_unusable_authorities;
  case CURLE_PARTIAL_FILE:
  case CURLE_GOT_NOTHING:
  case CURLE_SEND_ERROR:
  case CURLE_RECV_ERROR: return ccurl_outcome_broken_off;
  // A status line that is none counts as HTTP/0.9, which libcurl calls an unsupported protocol.
  case CURLE_UNSUPPORTED_PROTOCOL:
  case CURLE_WEIRD_SERVER_REPLY: return ccurl_outcome_not_http;
  case CURLE_WRITE_ERROR: return ccurl_outcome_stopped_by_receiver;
  default: return ccurl_outcome_other;
  }
}

const char *ccurl_code_text(int code) {
  return ccurl_start() ? library.curl_easy_strerror((CURLcode)code) : "libcurl cannot be loaded";
}

const char *ccurl_error_text(void *easy) { return companion_of(easy)->error; }

int ccurl_connect_errno(void *easy) {
  long found = 0;
  library.curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &found);
  return (int)found;
}

int ccurl_tunnel_status(void *easy) {
  long found = 0;
  library.curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &found);
  return (int)found;
}

struct ccurl_times ccurl_times_of(void *easy) {
  curl_off_t name = 0, connect = 0, handshake = 0, first = 0, total = 0;
  library.curl_easy_getinfo(easy, CURLINFO_NAMELOOKUP_TIME_T, &name);
  library.curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME_T, &connect);
  library.curl_easy_getinfo(easy, CURLINFO_APPCONNECT_TIME_T, &handshake);
  library.curl_easy_getinfo(easy, CURLINFO_STARTTRANSFER_TIME_T, &first);
  library.curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &total);
  return (struct ccurl_times){name, connect, handshake, first, total};
}

const char *ccurl_remote_address(void *easy) {
  char *found = NULL;
  library.curl_easy_getinfo(easy, CURLINFO_PRIMARY_IP, &found);
  return found;
}

int ccurl_remote_port(void *easy) {
  long found = 0;
  library.curl_easy_getinfo(easy, CURLINFO_PRIMARY_PORT, &found);
  return (int)found;
}

bool ccurl_made_connection(void *easy) {
  long found = 0;
  library.curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &found);
  return found > 0;
}
