#include "CWeb.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const uint8_t app_js[] = {
#embed "../Server/Web/app.js"
};

static const uint8_t bar_js[] = {
#embed "../Server/Web/bar.js"
};

static const uint8_t client_js[] = {
#embed "../Server/Web/client.js"
};

static const uint8_t client_beat_js[] = {
#embed "../Server/Web/client/beat.js"
};

static const uint8_t client_clock_js[] = {
#embed "../Server/Web/client/clock.js"
};

static const uint8_t client_connection_js[] = {
#embed "../Server/Web/client/connection.js"
};

static const uint8_t client_errors_js[] = {
#embed "../Server/Web/client/errors.js"
};

static const uint8_t client_fields_js[] = {
#embed "../Server/Web/client/fields.js"
};

static const uint8_t client_json_js[] = {
#embed "../Server/Web/client/json.js"
};

static const uint8_t client_listed_js[] = {
#embed "../Server/Web/client/listed.js"
};

static const uint8_t client_live_room_js[] = {
#embed "../Server/Web/client/live-room.js"
};

static const uint8_t client_merge_js[] = {
#embed "../Server/Web/client/merge.js"
};

static const uint8_t client_room_js[] = {
#embed "../Server/Web/client/room.js"
};

static const uint8_t client_stream_js[] = {
#embed "../Server/Web/client/stream.js"
};

static const uint8_t client_undo_js[] = {
#embed "../Server/Web/client/undo.js"
};

static const uint8_t dom_js[] = {
#embed "../Server/Web/dom.js"
};

static const uint8_t icon_svg[] = {
#embed "../Server/Web/icon.svg"
};

static const uint8_t index_html[] = {
#embed "../Server/Web/index.html"
};

static const uint8_t machine_js[] = {
#embed "../Server/Web/machine.js"
};

static const uint8_t main_js[] = {
#embed "../Server/Web/main.js"
};

static const uint8_t panels_account_js[] = {
#embed "../Server/Web/panels/account.js"
};

static const uint8_t panels_author_js[] = {
#embed "../Server/Web/panels/author.js"
};

static const uint8_t panels_comments_js[] = {
#embed "../Server/Web/panels/comments.js"
};

static const uint8_t panels_details_js[] = {
#embed "../Server/Web/panels/details.js"
};

static const uint8_t panels_fare_js[] = {
#embed "../Server/Web/panels/fare.js"
};

static const uint8_t panels_feed_js[] = {
#embed "../Server/Web/panels/feed.js"
};

static const uint8_t panels_history_js[] = {
#embed "../Server/Web/panels/history.js"
};

static const uint8_t panels_home_js[] = {
#embed "../Server/Web/panels/home.js"
};

static const uint8_t panels_inbox_js[] = {
#embed "../Server/Web/panels/inbox.js"
};

static const uint8_t panels_panels_css[] = {
#embed "../Server/Web/panels/panels.css"
};

static const uint8_t panels_parts_js[] = {
#embed "../Server/Web/panels/parts.js"
};

static const uint8_t panels_people_js[] = {
#embed "../Server/Web/panels/people.js"
};

static const uint8_t panels_share_js[] = {
#embed "../Server/Web/panels/share.js"
};

static const uint8_t panels_signin_js[] = {
#embed "../Server/Web/panels/signin.js"
};

static const uint8_t panels_texts_js[] = {
#embed "../Server/Web/panels/texts.js"
};

static const uint8_t panels_words_js[] = {
#embed "../Server/Web/panels/words.js"
};

static const uint8_t player_js[] = {
#embed "../Server/Web/player.js"
};

static const uint8_t session_js[] = {
#embed "../Server/Web/session.js"
};

static const uint8_t sound_js[] = {
#embed "../Server/Web/sound.js"
};

static const uint8_t studio_js[] = {
#embed "../Server/Web/studio.js"
};

static const uint8_t style_css[] = {
#embed "../Server/Web/style.css"
};

static const uint8_t tabs_js[] = {
#embed "../Server/Web/tabs.js"
};

static const uint8_t texts_js[] = {
#embed "../Server/Web/texts.js"
};

static const uint8_t transport_js[] = {
#embed "../Server/Web/transport.js"
};

static const uint8_t views_js[] = {
#embed "../Server/Web/views.js"
};

static const uint8_t words_js[] = {
#embed "../Server/Web/words.js"
};

#define FILE(path, bytes) {path, bytes, sizeof bytes}

static const struct cweb_file files[] = {
    FILE("app.js", app_js),
    FILE("bar.js", bar_js),
    FILE("client.js", client_js),
    FILE("client/beat.js", client_beat_js),
    FILE("client/clock.js", client_clock_js),
    FILE("client/connection.js", client_connection_js),
    FILE("client/errors.js", client_errors_js),
    FILE("client/fields.js", client_fields_js),
    FILE("client/json.js", client_json_js),
    FILE("client/listed.js", client_listed_js),
    FILE("client/live-room.js", client_live_room_js),
    FILE("client/merge.js", client_merge_js),
    FILE("client/room.js", client_room_js),
    FILE("client/stream.js", client_stream_js),
    FILE("client/undo.js", client_undo_js),
    FILE("dom.js", dom_js),
    FILE("icon.svg", icon_svg),
    FILE("index.html", index_html),
    FILE("machine.js", machine_js),
    FILE("main.js", main_js),
    FILE("panels/account.js", panels_account_js),
    FILE("panels/author.js", panels_author_js),
    FILE("panels/comments.js", panels_comments_js),
    FILE("panels/details.js", panels_details_js),
    FILE("panels/fare.js", panels_fare_js),
    FILE("panels/feed.js", panels_feed_js),
    FILE("panels/history.js", panels_history_js),
    FILE("panels/home.js", panels_home_js),
    FILE("panels/inbox.js", panels_inbox_js),
    FILE("panels/panels.css", panels_panels_css),
    FILE("panels/parts.js", panels_parts_js),
    FILE("panels/people.js", panels_people_js),
    FILE("panels/share.js", panels_share_js),
    FILE("panels/signin.js", panels_signin_js),
    FILE("panels/texts.js", panels_texts_js),
    FILE("panels/words.js", panels_words_js),
    FILE("player.js", player_js),
    FILE("session.js", session_js),
    FILE("sound.js", sound_js),
    FILE("studio.js", studio_js),
    FILE("style.css", style_css),
    FILE("tabs.js", tabs_js),
    FILE("texts.js", texts_js),
    FILE("transport.js", transport_js),
    FILE("views.js", views_js),
    FILE("words.js", words_js),
};

size_t cweb_count(void) { return sizeof files / sizeof files[0]; }

struct cweb_file cweb_file(size_t index) { return files[index]; }
