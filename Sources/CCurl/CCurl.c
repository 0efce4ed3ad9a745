#include "CCurl.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>

int32_t ccurl_start(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }

void *ccurl_open(void) { return curl_easy_init(); }

void ccurl_close(void *handle) { curl_easy_cleanup(handle); }

bool ccurl_is_login_denied(int32_t code) { return code == CURLE_LOGIN_DENIED; }

// What both kinds of transfer have in common.
static void begin(CURL *curl, struct ccurl_transfer *result, const char *url,
                  const char *authorities, int64_t timeout_ms) {
    memset(result, 0, sizeof *result);
    // Keeps connections.
    curl_easy_reset(curl);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, result->message);
    // Signals and threads do not go together.
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)timeout_ms);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (authorities) curl_easy_setopt(curl, CURLOPT_CAINFO, authorities);
}

static void end(CURL *curl, struct ccurl_transfer *result, CURLcode code) {
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    result->code = code;
    result->status = status;
    // The buffer belongs to this call.
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);
    if (code == CURLE_OK) {
        result->message[0] = 0;
    } else if (!result->message[0]) {
        strncpy(result->message, curl_easy_strerror(code), sizeof result->message - 1);
    }
}

struct source {
    const uint8_t *bytes;
    size_t length;
};

static size_t read_source(char *buffer, size_t size, size_t count, void *context) {
    struct source *source = context;
    size_t length = size * count;
    if (length > source->length) length = source->length;
    memcpy(buffer, source->bytes, length);
    source->bytes += length;
    source->length -= length;
    return length;
}

static size_t ignore(char *buffer, size_t size, size_t count, void *context) {
    (void)buffer;
    (void)context;
    return size * count;
}

struct ccurl_transfer ccurl_send(
    void *handle, const struct ccurl_letter *letter, const uint8_t *message, size_t length) {
    CURL *curl = handle;
    struct ccurl_transfer result;
    begin(curl, &result, letter->url, letter->authorities, letter->timeout_ms);
    struct curl_slist *recipients = curl_slist_append(NULL, letter->to);
    if (!recipients) {
        end(curl, &result, CURLE_OUT_OF_MEMORY);
        return result;
    }
    struct source source = {message, length};
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(
        curl, CURLOPT_USE_SSL, (long)(letter->requires_tls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
    if (letter->user) curl_easy_setopt(curl, CURLOPT_USERNAME, letter->user);
    if (letter->password) curl_easy_setopt(curl, CURLOPT_PASSWORD, letter->password);
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, letter->from);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)length);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, read_source);
    curl_easy_setopt(curl, CURLOPT_READDATA, &source);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore);
    CURLcode code = curl_easy_perform(curl);
    end(curl, &result, code);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, NULL);
    curl_slist_free_all(recipients);
    return result;
}

struct document {
    uint8_t *body;
    size_t body_max;
    size_t length;
    char *cache_control;
    size_t cache_control_max;
};

static size_t write_body(char *buffer, size_t size, size_t count, void *context) {
    struct document *document = context;
    size_t length = size * count;
    // Fewer bytes than it has make libcurl give up.
    if (length > document->body_max - document->length) return 0;
    memcpy(document->body + document->length, buffer, length);
    document->length += length;
    return length;
}

static size_t read_header(char *line, size_t size, size_t count, void *context) {
    static const char name[] = "cache-control:";
    struct document *document = context;
    size_t length = size * count;
    size_t prefix = sizeof name - 1;
    if (length > prefix && strncasecmp(line, name, prefix) == 0) {
        size_t value = length - prefix;
        if (value > document->cache_control_max - 1) value = document->cache_control_max - 1;
        memcpy(document->cache_control, line + prefix, value);
        document->cache_control[value] = 0;
    }
    return length;
}

struct ccurl_transfer ccurl_get(
    void *handle, const char *url, const char *authorities, int64_t timeout_ms, uint8_t *body,
    size_t body_max, size_t *body_length, char *cache_control, size_t cache_control_max) {
    CURL *curl = handle;
    struct ccurl_transfer result;
    struct document document = {body, body_max, 0, cache_control, cache_control_max};
    cache_control[0] = 0;
    begin(curl, &result, url, authorities, timeout_ms);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    if (strncasecmp(url, "http:", 5) == 0) curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "salsanor");
    curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)body_max);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, write_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &document);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, read_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &document);
    CURLcode code = curl_easy_perform(curl);
    end(curl, &result, code);
    *body_length = document.length;
    return result;
}
