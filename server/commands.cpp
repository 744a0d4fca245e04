#include "server/commands.hpp"

#include <array>

namespace cds::server {

std::span<Command const> commands() {
    static constexpr std::array table{
        Command{"serve", "Answer CDS Hooks calls over HTTP.", command_serve},
        Command{"check", "Evaluate a request offline and print its cards.", command_check},
        Command{"explain", "Explain the answer to a request: facts, rules, what was missing.",
                command_explain},
        Command{"capture", "Make requests from the orders of patients' FHIR bundles.",
                command_capture},
        Command{"replay", "Count the cards that a folder of requests causes, by rule.",
                command_replay},
        Command{"feedback", "Export, count and import what clients reported about cards.",
                command_feedback},
        Command{"lint", "Name what is wrong with a CDS Hooks message, and how to mend it.",
                command_lint},
        Command{"rules", "Show the rules with their thresholds and sources.", command_rules},
        Command{"knowledge", "Check a knowledge folder with its examples.", command_knowledge},
        Command{"policy", "Check a site's policy and say what it changes.", command_policy},
        Command{"config", "Show or check the configuration.", command_config},
        Command{"dev-certs",
                "Make throw-away certificates and a client, to try TLS and tokens out.",
                command_dev_certs},
        Command{"dev-token", "Print a token of the client that dev-certs registered.",
                command_dev_token},
        Command{"check-json", "Say whether standard input is JSON that the service would read.",
                command_check_json},
        Command{"verify-jws", "Say of each line whether its key set signed its JWS.",
                command_verify_jws},
        Command{"verify-sig", "Say of each line whether its key made its signature.",
                command_verify_sig},
        Command{"parse-primitive", "Say of each line how it is read as a FHIR primitive.",
                command_parse_primitive},
        Command{"version", "Print the version of the program and of the knowledge.",
                command_version},
    };
    return table;
}

}  // namespace cds::server
