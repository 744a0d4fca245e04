#include "store/place.hpp"

#include <libpq-fe.h>

#include <filesystem>
#include <memory>
#include <system_error>

namespace cds::store {
namespace {

namespace fs = std::filesystem;

struct FreeOptions {
    void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};

/// Host and database of a connection, for people. None when libpq cannot read it.
std::optional<std::string> name_of(std::string const& connection) {
    char* message = nullptr;
    std::unique_ptr<PQconninfoOption, FreeOptions> const options{
        PQconninfoParse(connection.c_str(), &message)};
    // The message repeats a part of the text, and that may be the password.
    if (message) PQfreemem(message);
    if (!options) return std::nullopt;
    std::string host, database;
    for (auto const* option = options.get(); option->keyword; ++option) {
        std::string_view const keyword{option->keyword};
        if (!option->val) continue;
        if (keyword == "host") host = option->val;
        if (keyword == "dbname") database = option->val;
    }
    return "postgresql database " + (database.empty() ? "(of the user's name)" : database) +
           " at " + (host.empty() ? "the local socket" : host);
}

}  // namespace

base::Result<Place> find_place(std::string_view setting, std::string_view state_folder) {
    Place place;
    if (setting.starts_with("postgres://") || setting.starts_with("postgresql://")) {
        place.kind = Place::Kind::postgresql;
        place.address = setting;
        auto const name = name_of(place.address);
        if (!name)
            return base::Error{base::ErrorCode::invalid, "store",
                               "The connection cannot be read; write "
                               "postgres://USER@HOST:PORT/DATABASE, with reserved characters "
                               "percent-encoded."};
        place.name = *name;
        return place;
    }
    fs::path path{setting};
    // systemd gives several folders separated by colons when it was told several.
    if (path.empty()) path = fs::path{state_folder.substr(0, state_folder.find(':'))};
    if (setting.empty()) path /= "countersign.db";
    std::error_code error;
    auto const whole = fs::absolute(path, error);
    place.address = (error ? path : whole).lexically_normal().string();
    place.name = place.address;
    return place;
}

base::Result<std::unique_ptr<Database>> connect(Place const& place, Use use) {
    if (place.kind == Place::Kind::sqlite) return connect_sqlite(place.address, use);
    return connect_postgresql(place.address, use);
}

}  // namespace cds::store
