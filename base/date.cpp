#include "base/date.hpp"

#include <date/tz.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace cds::base {
namespace {

namespace chrono = std::chrono;
using chrono::days;
using chrono::milliseconds;
using chrono::seconds;
using chrono::sys_seconds;

/// The offsets of one zone over the years a chart may speak of. A chart has hundreds of times, and
/// the date library's own look-up reads far more than an offset.
struct ZoneTable {
    struct Span {
        sys_seconds begin;
        seconds offset;
    };
    date::time_zone const* zone;
    std::vector<Span> spans;
    sys_seconds begin;
    sys_seconds end;
};

std::unique_ptr<ZoneTable const> table_of(date::time_zone const* zone) {
    using namespace std::chrono_literals;
    auto table = std::make_unique<ZoneTable>();
    table->zone = zone;
    table->begin = chrono::sys_days{1900y / 1 / 1};
    table->end = chrono::sys_days{2100y / 1 / 1};
    for (auto at = table->begin; at < table->end;) {
        auto const info = zone->get_info(at);
        table->spans.push_back({at, info.offset});
        if (info.end <= at) break;
        at = info.end;
    }
    return table;
}

seconds offset_at(ZoneTable const& table, sys_seconds at) {
    if (at < table.begin || at >= table.end) return table.zone->get_info(at).offset;
    auto const next =
        std::upper_bound(table.spans.begin(), table.spans.end(), at,
                         [](sys_seconds time, auto const& span) { return time < span.begin; });
    return std::prev(next)->offset;
}

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Takes fixed-width pieces off the front of a text.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_{text} {}
    bool done() const noexcept { return rest_.empty(); }
    bool take(char c) noexcept {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }
    bool next_is_digit() const noexcept { return !rest_.empty() && is_digit(rest_.front()); }
    /// `width` digits between `low` and `high`; nothing when they are not there.
    template <std::size_t width>
    [[gnu::always_inline]] std::optional<int> number(int low, int high) noexcept {
        if (rest_.size() < width) return std::nullopt;
        int value = 0;
        for (std::size_t i = 0; i < width; ++i) {
            if (!is_digit(rest_[i])) return std::nullopt;
            value = value * 10 + (rest_[i] - '0');
        }
        if (value < low || value > high) return std::nullopt;
        rest_.remove_prefix(width);
        return value;
    }
    /// One or more digits after a decimal point, as milliseconds; finer digits are dropped.
    std::optional<milliseconds> fraction() noexcept {
        if (!next_is_digit()) return std::nullopt;
        int value = 0;
        int unit = 100;
        for (; next_is_digit(); rest_.remove_prefix(1), unit /= 10)
            value += unit * (rest_.front() - '0');
        return milliseconds{value};
    }

private:
    std::string_view rest_;
};

/// The time of day, "T" already taken: hh:mm, seconds and their fraction optional.
std::optional<milliseconds> read_time(Reader& reader) {
    auto const hour = reader.number<2>(0, 23);  // R4 forbids 24:00
    if (!hour || !reader.take(':')) return std::nullopt;
    auto const minute = reader.number<2>(0, 59);
    if (!minute) return std::nullopt;
    auto const time = chrono::hours{*hour} + chrono::minutes{*minute};
    if (!reader.take(':')) return time;
    auto const second = reader.number<2>(0, 60);
    if (!second) return std::nullopt;
    auto const whole = time + seconds{std::min(*second, 59)};
    if (!reader.take('.')) return whole;
    auto const fraction = reader.fraction();
    if (!fraction) return std::nullopt;
    return whole + *fraction;
}

/// "Z" or an offset as R4 allows it, at most 14:00.
std::optional<seconds> read_offset(Reader& reader) {
    if (reader.take('Z')) return seconds{0};
    int const sign = reader.take('-') ? -1 : reader.take('+') ? 1 : 0;
    if (sign == 0) return std::nullopt;
    auto const hours = reader.number<2>(0, 14);
    if (!hours || !reader.take(':')) return std::nullopt;
    auto const minutes = reader.number<2>(0, *hours == 14 ? 0 : 59);
    if (!minutes) return std::nullopt;
    return sign * (chrono::hours{*hours} + chrono::minutes{*minutes});
}

Date invalid(std::string_view text) {
    Date date;
    date.precision = Precision::invalid;
    date.text = text;
    return date;
}

Date days_of(std::string_view text, Precision precision, Day first, Day last) {
    return {precision, first, last, Instant{first}, text};
}

void append_padded(std::string& out, int value, int width) {
    std::array<char, 12> digits{};
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    auto const length = end - digits.data();
    for (auto i = length; i < width; ++i) out += '0';
    out.append(digits.data(), static_cast<std::size_t>(length));
}

}  // namespace

Result<Zone> Zone::find(std::string_view iana_name) {
    static std::mutex guard;
    static std::map<std::string, std::unique_ptr<ZoneTable const>, std::less<>> tables;
    Zone zone;
    if (iana_name == zone.name_) return zone;
    std::lock_guard const lock{guard};
    auto known = tables.find(iana_name);
    if (known == tables.end()) {
        try {
            known = tables.emplace(std::string{iana_name}, table_of(date::locate_zone(iana_name)))
                        .first;
        } catch (std::exception const&) {  // the date library's only way to say so
            return Error{ErrorCode::not_found, "",
                         "no such time zone: give an IANA name such as Europe/Amsterdam"};
        }
    }
    zone.zone_ = known->second.get();
    zone.name_ = iana_name;
    return zone;
}

Day Zone::day_of(Instant instant) const {
    if (zone_ == nullptr) return chrono::floor<days>(instant);
    auto const& table = *static_cast<ZoneTable const*>(zone_);
    return chrono::floor<days>(instant + offset_at(table, chrono::floor<seconds>(instant)));
}

Instant Zone::instant_of(std::chrono::local_time<milliseconds> local) const {
    Instant const as_utc{local.time_since_epoch()};
    if (zone_ == nullptr) return as_utc;
    auto const& table = *static_cast<ZoneTable const*>(zone_);
    auto const whole = chrono::floor<seconds>(local);
    date::local_seconds const wanted{whole.time_since_epoch()};
    auto const info = table.zone->get_info(wanted);
    if (info.result == date::local_info::nonexistent) return info.first.end;
    return as_utc - info.first.offset;  // of an hour that happens twice: the first
}

Date parse_date(std::string_view text, Zone const& zone) {
    using Calendar = chrono::year_month_day;
    if (text.empty()) return {};
    Reader reader{text};
    auto const year_number = reader.number<4>(1, 9999);
    if (!year_number) return invalid(text);
    chrono::year const year{*year_number};
    if (reader.done())
        return days_of(text, Precision::year, Calendar{year / 1 / 1}, Calendar{year / 12 / 31});
    if (!reader.take('-')) return invalid(text);
    auto const month_number = reader.number<2>(1, 12);
    if (!month_number) return invalid(text);
    chrono::month const month{static_cast<unsigned>(*month_number)};
    if (reader.done())
        return days_of(text, Precision::month, Calendar{year / month / 1},
                       year / month / chrono::last);
    if (!reader.take('-')) return invalid(text);
    auto const day_number = reader.number<2>(1, 31);
    if (!day_number) return invalid(text);
    auto const calendar = year / month / chrono::day{static_cast<unsigned>(*day_number)};
    if (!calendar.ok()) return invalid(text);
    Day const day{calendar};
    if (reader.done()) return days_of(text, Precision::day, day, day);
    if (!reader.take('T')) return invalid(text);
    auto const time = read_time(reader);
    if (!time) return invalid(text);
    Instant instant{day + *time};
    if (reader.done()) {
        instant = zone.instant_of(chrono::local_time<milliseconds>{instant.time_since_epoch()});
    } else {
        auto const offset = read_offset(reader);
        if (!offset || !reader.done()) return invalid(text);
        instant -= *offset;
    }
    auto const there = zone.day_of(instant);
    return {Precision::instant, there, there, instant, text};
}

Date day_date(Day day) { return days_of({}, Precision::day, day, day); }

Day add_months(Day day, int months) {
    chrono::year_month_day const from{day};
    auto const to = from + chrono::months{months};
    if (to.ok()) return to;
    return to.year() / to.month() / chrono::last;
}

int days_between(Day from, Day to) { return static_cast<int>((to - from).count()); }

int completed_years(Day birth, Day at) {
    chrono::year_month_day const born{birth};
    chrono::year_month_day const now{at};
    auto const years = static_cast<int>((now.year() - born.year()).count());
    auto const birthday = now.year() / born.month() / born.day();
    // The day after a 29 February that is not there is 1 March.
    auto const anniversary = birthday.ok() ? Day{birthday} : Day{now.year() / chrono::March / 1};
    return at < anniversary ? years - 1 : years;
}

void append_iso(Day day, std::string& out) {
    chrono::year_month_day const calendar{day};
    append_padded(out, static_cast<int>(calendar.year()), 4);
    out += '-';
    append_padded(out, static_cast<int>(static_cast<unsigned>(calendar.month())), 2);
    out += '-';
    append_padded(out, static_cast<int>(static_cast<unsigned>(calendar.day())), 2);
}

std::string iso(Day day) {
    std::string out;
    append_iso(day, out);
    return out;
}

std::string iso(Instant instant) {
    auto const day = chrono::floor<days>(instant);
    chrono::hh_mm_ss const time{instant - day};
    auto out = iso(day);
    out += 'T';
    append_padded(out, static_cast<int>(time.hours().count()), 2);
    out += ':';
    append_padded(out, static_cast<int>(time.minutes().count()), 2);
    out += ':';
    append_padded(out, static_cast<int>(time.seconds().count()), 2);
    auto const fraction = static_cast<int>(time.subseconds().count());
    if (fraction != 0) {
        out += '.';
        append_padded(out, fraction, 3);
    }
    out += 'Z';
    return out;
}

}  // namespace cds::base
