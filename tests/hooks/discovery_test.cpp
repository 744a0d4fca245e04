#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "fhir/query.hpp"
#include "hooks/engine.hpp"
#include "hooks/prefetch.hpp"
#include "tests/cards/chart_case.hpp"
#include "tests/hooks/linted.hpp"

namespace cds::hooks {
namespace {

using cards::knowledge;
using cards::Parsed;

/// "hook id" of each entry, in their order.
std::vector<std::string> listed(Client const& client) {
    Parsed const document{discovery(knowledge(), {}, client)};
    EXPECT_THAT(cards::empty_members(*document), testing::IsEmpty());
    std::vector<std::string> found;
    for (auto const service : document["services"]) {
        found.push_back(std::string{service["hook"].string()} + ' ' +
                        std::string{service["id"].string()});
    }
    return found;
}

TEST(Discovery, DescribesEachServiceOfTheTable) {
    Parsed const document{discovery(knowledge(), {}, {})};
    EXPECT_THAT(cards::empty_members(*document), testing::IsEmpty());
    ASSERT_EQ(document["services"].size(), services().size());
    auto expected = services().begin();
    for (auto const service : document["services"]) {
        SCOPED_TRACE(expected->id);
        EXPECT_EQ(service["hook"].string(), name(expected->hook));
        EXPECT_EQ(service["id"].string(), expected->id);
        EXPECT_EQ(service["title"].string(), expected->title);
        EXPECT_FALSE(service["usageRequirements"].string().empty());
        EXPECT_NE(service["description"].string().find("no substitute for clinical judgement"),
                  std::string_view::npos);
        EXPECT_NE(service["description"].string().find(knowledge().version()),
                  std::string_view::npos);
        EXPECT_TRUE(service["prefetch"].is_object());
        EXPECT_FALSE(service["version"]) << "CDS Hooks 3.0";
        EXPECT_FALSE(service["hookVersion"]) << "CDS Hooks 3.0";
        ++expected;
    }
}

TEST(Discovery, GivesEachHookAnIdOfItsOwn) {
    // Public clients keep services by their URL: of two hooks under one id only the last is seen.
    auto const all = listed({});
    EXPECT_EQ(all[0], "order-sign immunosuppressant-safety");
    EXPECT_EQ(all[1], "order-select immunosuppressant-safety-select");
    std::set<std::string_view> ids;
    for (auto const& service : services()) EXPECT_TRUE(ids.insert(service.id).second) << service.id;
}

TEST(Discovery, ListsBothOrderHooksUnderOneIdForAClientThatAsksForIt) {
    Client client;
    client.one_id_for_both_hooks = true;
    auto const all = listed(client);
    ASSERT_EQ(all.size(), services().size());
    EXPECT_EQ(all[0], "order-select immunosuppressant-safety");
    EXPECT_EQ(all[1], "order-sign immunosuppressant-safety");
}

TEST(Discovery, AsksForEveryKeyThatTheServiceReads) {
    std::vector<std::string> keys;
    for (auto const& entry : prefetch_templates(knowledge(), true)) keys.emplace_back(entry.key);
    std::vector<std::string> expected;
    for (std::size_t i = 0; i < static_cast<std::size_t>(fhir::Query::count_); ++i)
        expected.emplace_back(fhir::key(static_cast<fhir::Query>(i)));
    EXPECT_THAT(keys, testing::UnorderedElementsAreArray(expected));
}

TEST(Discovery, StaysInsideTheSubsetOfTemplatesThatAllClientsFill) {
    std::regex const read{R"([A-Z][A-Za-z]+/\{\{context\.(patientId|encounterId)\}\})"};
    std::regex const search{
        R"([A-Z][A-Za-z]+\?patient=\{\{context\.patientId\}\}(&(status|code)=[A-Za-z0-9,.\-]+)*)"
        R"((&_include=MedicationRequest:medication)?)"};
    for (auto const& entry : prefetch_templates(knowledge(), true)) {
        EXPECT_TRUE(std::regex_match(entry.query, read) || std::regex_match(entry.query, search))
            << entry.query;
        EXPECT_EQ(entry.query.find("date"), std::string::npos) << "windows are the rules' business";
        EXPECT_LT(entry.query.size(), 4000U) << "servers limit the length of a URL";
    }
}

TEST(Discovery, LeavesTheIncludeOutForAClientThatCannotDoIt) {
    Client client;
    EXPECT_NE(discovery(knowledge(), {}, client).find("_include="), std::string::npos);
    client.include_medication = false;
    EXPECT_EQ(discovery(knowledge(), {}, client).find("_include="), std::string::npos);
    for (auto const as : {lint::Dialect::standard, lint::Dialect::sandbox, lint::Dialect::crd})
        EXPECT_EQ(lint_errors(discovery(knowledge(), {}, client), lint::Kind::discovery, {}, as),
                  "");
}

TEST(Discovery, AsksForTheTestsThatRulesRead) {
    for (auto const& entry : prefetch_templates(knowledge(), true)) {
        if (entry.key == "observations") {
            for (auto const code : {"2160-0", "2823-3", "29463-7", "85354-9", "8480-6"})
                EXPECT_NE(entry.query.find(code), std::string::npos) << code;
        }
        if (entry.key == "administrations") {
            EXPECT_NE(entry.query.find("1655940"), std::string::npos) << "infliximab";
        }
    }
}

/// The shipped knowledge without the files of a folder.
std::string description_without(std::string const& folder) {
    auto const pack = rules::embedded_pack();
    std::vector<base::Pack::File> files;
    for (auto const& file : pack.files()) {
        if (!file.name.starts_with(folder)) files.push_back(file);
    }
    auto const made = rules::Knowledge::load(base::Pack::of(std::move(files)));
    if (!made) return made.error().where + ": " + made.error().what;
    Parsed const document{discovery(**made, {}, {})};
    return std::string{document["services"].first()["description"].string()};
}

TEST(Discovery, NamesWhatIsNotChecked) {
    auto const text = description_without("nothing/");
    EXPECT_THAT(text, testing::HasSubstr("Not checked, among others: statins, NSAIDs, "
                                         "aminoglycosides and potassium supplements"));
}

TEST(Discovery, SaysWhichCodeListsWereLeftOut) {
    EXPECT_THAT(description_without("nothing/"), testing::Not(testing::HasSubstr("not read")));
    EXPECT_THAT(description_without("valuesets/snomed/"),
                testing::HasSubstr("SNOMED CT codes are not read by this installation."));
    EXPECT_THAT(description_without("valuesets/atc/"),
                testing::HasSubstr("ATC codes are not read by this installation."));
}

TEST(Discovery, IsTheSameEachTime) {
    EXPECT_EQ(discovery(knowledge(), {}, {}), discovery(knowledge(), {}, {}));
}

}  // namespace
}  // namespace cds::hooks
