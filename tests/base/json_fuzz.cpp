// Property: what the reader accepts, the writer writes so that the reader reads the same again, and
// writing that a second time gives the same bytes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/json.hpp"

namespace json = cds::base::json;

namespace {

bool equal(json::Value a, json::Value b) {
    if (a.kind() != b.kind() || a.key() != b.key() || a.size() != b.size()) return false;
    if (a.string() != b.string() || a.number() != b.number() || a.boolean() != b.boolean())
        return false;
    auto other = b.begin();
    for (auto const child : a) {
        if (other == b.end() || !equal(child, *other)) return false;
        ++other;
    }
    return other == b.end();
}

void demand(bool property) {
    if (!property) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static json::Document first;  // kept between inputs, as the service keeps it between requests
    static json::Document second;
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    auto const value = first.parse(text);
    if (!value) return 0;
    std::string once;
    json::write(*value, once);
    auto const back = second.parse(once);
    demand(back.has_value() && equal(*value, *back));
    std::string twice;
    json::write(*back, twice);
    demand(once == twice);
    return 0;
}
