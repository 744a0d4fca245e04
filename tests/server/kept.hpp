#pragma once
#include <stdlib.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "store/store.hpp"
#include "tests/server/http_client.hpp"

// What the tests of feedback share: a store of their own, calls, and what the store holds.

namespace cds::server::test {

/// A folder with a store, gone at the end of the test.
class StoreFolder {
public:
    StoreFolder() {
        path_ = (std::filesystem::temp_directory_path() / "countersign-kept-XXXXXX").string();
        if (!::mkdtemp(path_.data())) throw std::runtime_error{"no folder"};
    }
    ~StoreFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    StoreFolder(StoreFolder const&) = delete;
    StoreFolder& operator=(StoreFolder const&) = delete;

    std::filesystem::path path() const { return path_; }
    std::string file() const { return path_ + "/store.db"; }
    store::Place place() const { return *store::find_place(file(), ""); }

    std::vector<store::ReportedCard> feedback() const {
        std::vector<store::ReportedCard> rows;
        auto const database = store::open_for_reading(place());
        if (!database || !store::each_feedback(**database, always(),
                                               [&](auto const& row) { rows.push_back(row); }))
            throw std::runtime_error{"the store cannot be read"};
        return rows;
    }
    std::vector<store::CardRow> cards() const {
        std::vector<store::CardRow> rows;
        auto const database = store::open_for_reading(place());
        if (!database ||
            !store::each_card(**database, always(), [&](auto const& row) { rows.push_back(row); }))
            throw std::runtime_error{"the store cannot be read"};
        return rows;
    }

private:
    static store::Span always() {
        return {base::Instant{}, base::Instant{std::chrono::milliseconds{std::int64_t{1} << 50}}};
    }
    std::string path_;
};

inline constexpr auto feedback_path = "/cds-services/immunosuppressant-safety/feedback";

inline std::string send_feedback(std::string_view body, std::string_view lines = {},
                                 std::string_view path = feedback_path) {
    return "POST " + std::string{path} +
           " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n" + std::string{lines} + "\r\n" + std::string{body};
}

inline std::string card_uuid(int number) {
    auto const digits = std::to_string(number);
    return "4e0a3a1e-3283-4575-ab82-" + std::string(12 - digits.size(), '0') + digits;
}

inline std::string override_of(std::string const& card, std::string const& more = {}) {
    return R"({"card":")" + card +
           R"(","outcome":"overridden","outcomeTimestamp":"2026-03-10T09:00:00Z")" + more + "}";
}

inline std::string batch(std::string const& reports) { return R"({"feedback":[)" + reports + "]}"; }

}  // namespace cds::server::test
