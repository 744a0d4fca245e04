#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "auth/client.hpp"
#include "base/result.hpp"
#include "hooks/engine.hpp"
#include "rules/knowledge.hpp"
#include "server/dialogue.hpp"
#include "server/gate.hpp"
#include "server/rules_page.hpp"
#include "server/settings.hpp"
#include "server/tls.hpp"

namespace cds::server {

/// Whether the pages at / answer. The report of feedback is for this machine alone.
enum class Workbench : std::uint8_t { off, without_report, whole };

/// Everything that SIGHUP replaces, as one immutable whole: a request is answered from one of these
/// from its first byte to its last, so two versions of the knowledge never meet in one answer.
struct Live {
    Settings settings;
    GateLimits limits;
    hooks::Site site;
    std::shared_ptr<rules::Knowledge const> knowledge;
    Dialogues dialogues;
    std::string health;     ///< body of GET /healthz
    bool explains = false;  ///< whether $explain answers
    Workbench workbench = Workbench::off;
    std::shared_ptr<RulesPage const> rules;
    std::shared_ptr<auth::Registry const> clients;  ///< null: none, and anybody may call
    std::shared_ptr<Tls const> tls;                 ///< null: plain HTTP

    /// The time that the rules see: `as-of` when it is set, else `now`.
    base::Instant clinical_time(base::Instant now) const { return site.as_of.value_or(now); }
    /// What was to be reviewed by a day that has passed at `now`, in sentences; empty: nothing. By
    /// the real time, also when the clinical clock is frozen.
    std::vector<std::string> overdue_reviews(base::Instant now) const;
    /// A sentence when the TLS certificate ends within 30 days of `now`, or has ended; else empty.
    std::string certificate_warning(base::Instant now) const;
    /// The site's calendar day that the rules see: entries of the policy hold or not by it.
    base::Day clinical_day(base::Instant now) const { return site.zone.day_of(clinical_time(now)); }
};

/// The knowledge that the settings name, with the site's policy laid over it. Errors carry the
/// file and the place in it.
base::Result<std::shared_ptr<rules::Knowledge const>> load_knowledge(Settings const& settings);

/// Reads the configuration and the knowledge that it names, and prepares the fixed answers. Errors
/// carry the place and a sentence for the person at the terminal.
base::Result<std::shared_ptr<Live const>> load_live(Sources const& sources);

/// The same for settings that are already read.
base::Result<std::shared_ptr<Live const>> make_live(Settings settings);

}  // namespace cds::server
