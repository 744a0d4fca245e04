#include "rules/knowledge.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory_resource>
#include <regex>
#include <set>
#include <sstream>

#include "base/text.hpp"
#include "fhir/record.hpp"
#include "rules/rule_list.hpp"

namespace cds::rules {
namespace {

using testing::HasSubstr;

Knowledge const& shipped() {
    static auto const loaded = [] {
        auto knowledge = Knowledge::load(embedded_pack());
        if (!knowledge)
            throw std::runtime_error{knowledge.error().where + ": " + knowledge.error().what};
        return *std::move(knowledge);
    }();
    return *loaded;
}

/// Each template of a wording with the place where it stands.
void each_template(Wording const& wording,
                   std::function<void(std::string const&, Template const&)> const& visit) {
    for (auto const& [variant, summary] : wording.summaries) visit("summary " + variant, summary);
    for (auto const* lines : {&wording.found, &wording.why, &wording.consider, &wording.limits}) {
        for (auto const& line : *lines) visit("line", line);
    }
    for (auto const& [key, text] : wording.suggestions) {
        visit("label " + key, text.label);
        visit("description " + key, text.description);
    }
}

TEST(ShippedKnowledge, LoadsWithAVersionAndTheDigestOfItsFiles) {
    EXPECT_FALSE(shipped().version().empty());
    EXPECT_EQ(shipped().digest(), embedded_pack().digest());
    EXPECT_FALSE(shipped().rules().empty());
}

TEST(ShippedKnowledge, HasAFileForEachRuleInTheSameOrder) {
    std::vector<std::string_view> in_code, in_files;
    for (auto const& rule : rule_list()) in_code.push_back(rule.id);
    for (auto const& rule : shipped().rules()) {
        if (rule.kind != Kind::service) in_files.push_back(rule.id);
    }
    EXPECT_EQ(in_code, in_files);
}

TEST(ShippedKnowledge, RendersEveryTextWithoutFacts) {
    std::pmr::monotonic_buffer_resource arena;
    Facts const none{&arena};
    for (auto const& rule : shipped().rules()) {
        for (auto const& [language, wording] : rule.wording) {
            each_template(wording, [&](std::string const& place, Template const& text) {
                std::string out;
                text.render(none, Template::Mode::markdown, out);
                EXPECT_EQ(out.find("{{"), out.npos) << rule.id << ' ' << language << ' ' << place;
            });
        }
    }
}

TEST(ShippedKnowledge, SaysCyclosporineInAmericanEnglishOnly) {
    for (auto const& rule : shipped().rules()) {
        for (auto const& [language, wording] : rule.wording) {
            std::string_view const other = language == "en-US" ? "iclosporin" : "yclosporin";
            each_template(wording, [&, lang = language](std::string const& place,
                                                        Template const& text) {
                std::pmr::monotonic_buffer_resource arena;
                Facts all{&arena};
                for (auto const& fact : rule.facts) all.flag(fact);
                for (auto const& facts : {Facts{&arena}, all}) {
                    std::string out;
                    text.render(facts, Template::Mode::markdown, out);
                    EXPECT_EQ(out.find(other), out.npos) << rule.id << ' ' << lang << ' ' << place;
                }
            });
        }
        EXPECT_TRUE(rule.wording.contains("en-GB") && rule.wording.contains("en-US")) << rule.id;
    }
}

TEST(ShippedKnowledge, NamesNoRuleAndNoCatalogueInWhatIsShown) {
    for (auto const& rule : shipped().rules()) {
        each_template(
            rule.wording.at("en-GB"), [&](std::string const& place, Template const& text) {
                for (auto const& other : shipped().rules())
                    EXPECT_THAT(std::string{text.source()}, testing::Not(HasSubstr(other.id)))
                        << rule.id << ' ' << place;
                EXPECT_THAT(std::string{text.source()}, testing::Not(HasSubstr("catalogue")))
                    << rule.id << ' ' << place;
            });
    }
}

TEST(ShippedKnowledge, LinksOnlyWhatWasRead) {
    EXPECT_TRUE(shipped().evidence("E1")->linkable);
    EXPECT_EQ(shipped().evidence("E1")->url, "https://doi.org/10.1016/j.cgh.2008.04.035");
    for (auto const* id : {"E11", "E20", "E25", "E27", "S0", "S2", "S3", "S4"})
        EXPECT_FALSE(shipped().evidence(id)->linkable) << id;
    EXPECT_EQ(shipped().evidence("E99"), nullptr);
}

TEST(ShippedKnowledge, HasThirteenSourceAttributesForEachRule) {
    for (auto const& rule : shipped().rules()) {
        EXPECT_EQ(rule.attributes.size(), 13U) << rule.id;
        EXPECT_FALSE(rule.attributes.at("developer").empty());
        EXPECT_FALSE(rule.attributes.at("useOfRace").empty());
    }
}

TEST(ShippedKnowledge, GivesOverrideReasonsACodeAndASystem) {
    auto const* declined = shipped().override_reason("patient-declined");
    ASSERT_NE(declined, nullptr);
    EXPECT_EQ(declined->system, "http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes");
    EXPECT_EQ(declined->code, "patient-refuses");
    EXPECT_EQ(shipped().override_reason("mdt-agreed")->system, "urn:countersign:override-reasons");
    EXPECT_EQ(shipped().override_reason("nonsense"), nullptr);
}

TEST(ShippedKnowledge, GivesPhrasesInALanguageOrInBritishEnglish) {
    EXPECT_EQ(shipped().phrase("en-GB", "heading.found"), "Found");
    EXPECT_EQ(shipped().phrase("nl", "heading.found"), "Found");
    EXPECT_EQ(shipped().phrase("en-US", "no-such-phrase"), "");
    for (std::size_t i = 1; i < static_cast<std::size_t>(fhir::Reason::count_); ++i) {
        auto const key = "reason." + std::string{fhir::name(static_cast<fhir::Reason>(i))};
        EXPECT_NE(shipped().phrase("en-GB", key), "") << key;
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(fhir::Query::count_); ++i) {
        auto const key = "query." + std::string{fhir::key(static_cast<fhir::Query>(i))};
        EXPECT_NE(shipped().phrase("en-GB", key), "") << key;
    }
}

TEST(ShippedKnowledge, AnswersForAThresholdThatIsNotThereWithAnException) {
    auto const* rule = shipped().find("ifx-csa-combination-labs");
    ASSERT_NE(rule, nullptr);
    EXPECT_EQ(rule->days("cbc_days"), 28);
    EXPECT_EQ(rule->threshold("neutrophils_below"), base::Rational{1});
    EXPECT_ANY_THROW(rule->threshold("no_such_name"));
}

TEST(ShippedKnowledge, PutsThresholdsIntoItsWords) {
    auto const* rule = shipped().find("ifx-csa-combination-labs");
    ASSERT_NE(rule, nullptr);
    EXPECT_THAT(std::string{rule->wording.at("en-GB").consider.at(1).source()},
                HasSubstr("every 28 days"));
}

// --- what the rules' code asks for by name -----------------------------------------------------

std::string rule_sources() {
    std::stringstream all;
    auto const folder = std::filesystem::path{COUNTERSIGN_SOURCE_DIR} / "rules";
    for (auto const& entry : std::filesystem::directory_iterator{folder}) {
        if (entry.path().extension() == ".cpp") all << std::ifstream{entry.path()}.rdbuf() << '\n';
    }
    return all.str();
}

std::set<std::string> first_groups(std::string const& text, char const* pattern) {
    std::set<std::string> found;
    std::regex const expression{pattern};
    for (std::sregex_iterator at{text.begin(), text.end(), expression}, end; at != end; ++at)
        found.insert((*at)[1]);
    return found;
}

TEST(RuleSources, NameOrdersThatExist) {
    auto const text = rule_sources();
    auto keys = first_groups(text, R"re((?:test|refer|prescribe)_action\("([^"]+)")re");
    for (auto const& list : first_groups(text, R"re(order_tests\("[^"]+",\s*\{([^}]*)\})re"))
        keys.merge(first_groups(list, R"re("([^"]+)")re"));
    EXPECT_FALSE(keys.empty());
    for (auto const& key : keys) EXPECT_NE(shipped().order(key), nullptr) << key;
}

/// Bodies of the rule functions, by the id of their file: `csa_thiazide` is csa-thiazide.
std::map<std::string, std::string> rule_functions() {
    std::map<std::string, std::string> found;
    auto const text = rule_sources();
    std::regex const head{R"re(\nAnswer (\w+)\(Scene& scene\) \{)re"};
    for (std::sregex_iterator at{text.begin(), text.end(), head}, end; at != end; ++at) {
        auto id = std::string{(*at)[1]};
        std::replace(id.begin(), id.end(), '_', '-');
        auto const start = static_cast<std::size_t>(at->position());
        found[id] = text.substr(start, text.find("\n}\n", start) - start);
    }
    return found;
}

TEST(RuleSources, UseFactsSuggestionsAndSummariesOfTheirOwnFile) {
    std::size_t checked = 0;
    for (auto const& [id, body] : rule_functions()) {
        auto const* rule = shipped().find(id);
        if (rule == nullptr) continue;
        ++checked;
        auto const& wording = rule->wording.at("en-GB");
        for (auto const& fact :
             first_groups(body, R"re((?:text|flag|item|show)\((?:finding, )?"(\w+)")re"))
            EXPECT_TRUE(std::count(rule->facts.begin(), rule->facts.end(), fact))
                << id << ' ' << fact;
        for (auto const& key : first_groups(
                 body, R"re((?:order_tests\(|task\(|task_action\(|keep_with\(|key = )"([^"]+)")re"))
            EXPECT_TRUE(wording.suggestions.contains(key)) << id << ' ' << key;
        for (auto const& name : first_groups(body, R"re(scene\.(?:threshold|days)\("([^"]+)"\))re"))
            EXPECT_NO_THROW(rule->threshold(name)) << id << ' ' << name;
        for (auto const& variant : first_groups(body, R"re(scene\.finding\([^;]*\? "([^"]*)")re"))
            EXPECT_TRUE(wording.summaries.contains(variant)) << id << ' ' << variant;
    }
    EXPECT_GE(checked, 15U);
}

// --- prescriptions -----------------------------------------------------------------------------

struct Prescription {
    std::string_view key;
    fhir::Drug drug;
    long long mg_hundredths;  ///< one administration; for a dose by weight, per kg
    int every_days;
};

std::string json_of(Knowledge::OrderText const& order) {
    return R"({"resourceType":")" + order.type + R"(",)" + order.members + "}";
}

class ShippedPrescription : public testing::TestWithParam<Prescription> {};

TEST_P(ShippedPrescription, IsReadBackAsItsDrug) {
    auto const& row = GetParam();
    auto const* order = shipped().order(row.key);
    ASSERT_NE(order, nullptr);
    base::json::Document document;
    auto const text = json_of(*order);
    auto const resource = document.parse(text).value();
    std::pmr::monotonic_buffer_resource arena;
    base::Zone const zone;
    fhir::ReadContext context;
    context.terminology = &shipped().terminology();
    context.zone = &zone;
    context.patient_id = "p";
    context.arena = &arena;
    fhir::PatientRecord const record{context};
    auto const medication = fhir::read_draft(record, resource);
    EXPECT_TRUE(fhir::has(medication.drugs, row.drug));
    ASSERT_EQ(medication.dosages.size(), 1U);
    EXPECT_EQ(medication.dosages.front().value, base::Rational::ratio(row.mg_hundredths, 100));
    if (row.every_days == 0) return;
    ASSERT_TRUE(medication.dosages.front().per_day);
    EXPECT_EQ(*medication.dosages.front().per_day, base::Rational::ratio(1, row.every_days));
}

INSTANTIATE_TEST_SUITE_P(
    All, ShippedPrescription,
    testing::Values(Prescription{"methotrexate", fhir::Drug::methotrexate, 1000, 7},
                    Prescription{"co-trimoxazole", fhir::Drug::pjp_prophylaxis, 48000, 1},
                    Prescription{"atovaquone", fhir::Drug::pjp_prophylaxis, 150000, 1},
                    Prescription{"azathioprine", fhir::Drug::azathioprine, 200, 1},
                    Prescription{"amlodipine", fhir::Drug::dihydropyridine_ccb, 500, 1},
                    Prescription{"isoniazid", fhir::Drug::ltbi_treatment, 30000, 1},
                    Prescription{"rifampicin", fhir::Drug::ltbi_treatment, 60000, 1},
                    Prescription{"epinephrine-0.3", fhir::Drug::epinephrine_autoinjector, 30, 0},
                    Prescription{"epinephrine-0.15", fhir::Drug::epinephrine_autoinjector, 15, 0}),
    [](auto const& parameter) {
        std::string name;
        for (auto const c : parameter.param.key) {
            if (std::isalnum(static_cast<unsigned char>(c))) name += c;
        }
        return name;
    });

TEST(ShippedTests, AreRecognisedAsResultsOfOurOwn) {
    struct Row {
        std::string_view key;
        fhir::Test test;
    };
    for (auto const& row : {Row{"creatinine", fhir::Test::creatinine},
                            Row{"cbc", fhir::Test::cbc_panel},
                            Row{"lft", fhir::Test::lft_panel},
                            Row{"potassium", fhir::Test::potassium},
                            Row{"ciclosporin-trough", fhir::Test::ciclosporin_level},
                            Row{"infliximab-level", fhir::Test::infliximab_level},
                            Row{"infliximab-antibody", fhir::Test::infliximab_antibody},
                            Row{"crp", fhir::Test::crp},
                            Row{"igra", fhir::Test::igra},
                            Row{"hbsag", fhir::Test::hbsag},
                            Row{"anti-hbc", fhir::Test::anti_hbc},
                            Row{"tpmt", fhir::Test::tpmt_nudt15},
                            Row{"lipids", fhir::Test::lipid_panel},
                            Row{"magnesium", fhir::Test::magnesium},
                            Row{"uric-acid", fhir::Test::uric_acid},
                            Row{"bun", fhir::Test::bun},
                            Row{"urinalysis", fhir::Test::urinalysis_panel},
                            Row{"hcg", fhir::Test::hcg},
                            Row{"ige", fhir::Test::ige},
                            Row{"alpha-gal-ige", fhir::Test::alpha_gal_ige},
                            Row{"weight", fhir::Test::weight},
                            Row{"blood-pressure", fhir::Test::blood_pressure}}) {
        auto const* order = shipped().order(row.key);
        ASSERT_NE(order, nullptr) << row.key;
        base::json::Document document;
        auto const text = json_of(*order);
        auto const coding = document.parse(text).value()["code"]["coding"].first();
        auto const& terminology = shipped().terminology();
        auto const* meaning = terminology.find(terminology.system(coding["system"].string()),
                                               coding["code"].string());
        ASSERT_NE(meaning, nullptr) << row.key;
        EXPECT_TRUE(fhir::has(meaning->tests, row.test)) << row.key;
    }
}

}  // namespace
}  // namespace cds::rules
