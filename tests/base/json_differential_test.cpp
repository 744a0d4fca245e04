// Texts made by mutation, read by our reader and by Boost.JSON: two readers that share no code must
// agree on what is JSON and on what it says.
#define BOOST_JSON_STATIC_LINK 1
#include <gtest/gtest.h>

#include <array>
#include <boost/json/src.hpp>
#include <random>
#include <string>

#include "base/json.hpp"

namespace cds::base::json {
namespace {

namespace boost_json = boost::json;

constexpr std::array<std::string_view, 4> seeds{
    R"({"resourceType":"Observation","valueQuantity":{"value":5.10,"unit":"mg/L","code":"mg/L"},)"
    R"("status":"final","note":[{"text":"a\n\"quoted\" \u00e9\ud83d\ude00 line"}],"é":"öäü€😀"})",
    R"([1,-0,0.5,-12.340,1e5,2.50E-3,1e+05,true,false,null,"",[],{},[[[]]],{"a":{"b":{"c":[0]}}}])",
    "{\n    \"a\" : [ 1 , 2 ],\n\t\"b\"\r\n:\n                                  {\"c\":\"d\"} }\n",
    "\"plain text that is longer than one block of sixteen bytes, then \\\\ and "
    "\xC3\xA9\xE2\x82\xAC "
    "and more plain text behind it\""};

class Mutator {
public:
    std::string next() {
        std::string text(below(40), ' ');
        text += seeds[below(seeds.size())];
        for (auto left = below(4); left != 0; --left) mutate(text);
        return text;
    }

private:
    std::size_t below(std::size_t limit) {
        return std::uniform_int_distribution<std::size_t>{0, limit - 1}(random_);
    }
    void mutate(std::string& text) {
        using namespace std::string_view_literals;
        constexpr auto telling =
            "{}[],:\"\\/ube0129-+.eEtrfnx \n\t\r\0\x1f\x7f\x80\xbf\xc0\xc3\xa9\xe2\xed\xf0\xf4\xff"sv;
        if (text.empty()) return;
        auto const at = below(text.size());
        switch (below(5)) {
            case 0:
                text[at] = telling[below(telling.size())];
                return;
            case 1:
                text.insert(at, 1, telling[below(telling.size())]);
                return;
            case 2:
                text.erase(at, 1 + below(3));
                return;
            case 3:
                text.insert(below(text.size()), std::string{text, at, 1 + below(12)});
                return;
            default:
                text.resize(at);
        }
    }
    std::mt19937 random_{20260601};
};

Kind kind_of(boost_json::value const& value) {
    switch (value.kind()) {
        case boost_json::kind::null:
            return Kind::null;
        case boost_json::kind::bool_:
            return Kind::boolean;
        case boost_json::kind::string:
            return Kind::string;
        case boost_json::kind::array:
            return Kind::array;
        case boost_json::kind::object:
            return Kind::object;
        default:
            return Kind::number;
    }
}

bool same(Value ours, boost_json::value const& theirs) {
    if (ours.kind() != kind_of(theirs)) return false;
    if (ours.is_string()) {
        auto const& text = theirs.get_string();
        return ours.string() == std::string_view{text.data(), text.size()};
    }
    if (ours.kind() == Kind::boolean) return ours.boolean() == theirs.get_bool();
    if (!ours.is_object() && !ours.is_array()) return true;  // null, or a number: ours keeps text
    std::size_t place = 0;
    for (auto const child : ours) {
        auto const* const other = ours.is_object() ? theirs.get_object().if_contains(child.key())
                                                   : theirs.get_array().if_contains(place);
        if (other == nullptr || !same(child, *other)) return false;
        ++place;
    }
    return place == (ours.is_object() ? theirs.get_object().size() : theirs.get_array().size());
}

/// Refused by ours alone, and on purpose.
bool is_stricter(Error const& error) {
    return error.what.starts_with("a member name stands twice") ||
           error.what.starts_with("a number is too large");
}

TEST(JsonDifferential, AgreesWithAnotherReaderOnMutatedTexts) {
    Mutator mutator;
    Document document;
    int accepted = 0;
    int refused = 0;
    boost_json::parse_options options;
    options.max_depth = 64;
    for (int round = 0; round < 60'000; ++round) {
        auto const text = mutator.next();
        boost_json::error_code failure;
        auto const theirs = boost_json::parse(text, failure, {}, options);
        auto const ours = document.parse(text);
        if (ours) {
            ++accepted;
            ASSERT_FALSE(failure) << text << '\n' << failure.message();
            ASSERT_TRUE(same(*ours, theirs)) << text;
        } else if (!is_stricter(ours.error())) {
            ++refused;
            ASSERT_TRUE(failure) << text << '\n' << ours.error().what;
        }
    }
    EXPECT_GT(accepted, 10'000);
    EXPECT_GT(refused, 10'000);
}

}  // namespace
}  // namespace cds::base::json
