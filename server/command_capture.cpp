#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>

#include "base/json.hpp"
#include "hooks/capture.hpp"
#include "server/commands.hpp"
#include "server/folder.hpp"
#include "server/offline.hpp"

namespace cds::server {
namespace {

namespace fs = std::filesystem;

/// Old requests among new ones would be counted by the next replay.
base::Result<void> make_empty_folder(fs::path const& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (!fs::is_directory(folder, error))
        return base::Error{base::ErrorCode::invalid, folder.string(),
                           "The folder cannot be made. Name another one with --out."};
    if (!fs::is_empty(folder, error) || error)
        return base::Error{
            base::ErrorCode::invalid, folder.string(),
            "The folder is not empty, and a replay would count what lies there. Name "
            "a new one with --out."};
    return {};
}

/// "ann-0007.json": the place of the order among those of its bundle.
std::string file_name(std::string const& stem, unsigned place) {
    std::array<char, 16> digits{};
    auto const length = std::snprintf(digits.data(), digits.size(), "-%04u", place);
    return stem + std::string{digits.data(), static_cast<std::size_t>(length)} + ".json";
}

void write_file(fs::path const& path, std::string const& bytes) {
    std::ofstream file{path, std::ios::binary};
    file << bytes << '\n';
    file.close();
    if (!file) throw std::runtime_error{path.string() + " cannot be written."};
}

struct Sum {
    hooks::CaptureCounts counts;
    unsigned bundles = 0, unreadable = 0;
    void add(hooks::CaptureCounts const& more) {
        ++bundles;
        counts.patients += more.patients;
        counts.requests += more.requests;
        counts.undated += more.undated;
        counts.nameless += more.nameless;
        counts.unowned += more.unowned;
    }
};

void print(Sum const& sum, fs::path const& out) {
    auto const& counts = sum.counts;
    std::printf("%u requests of %u patients from %u bundles in %s\n", counts.requests,
                counts.patients, sum.bundles, out.c_str());
    if (counts.undated > 0) std::printf("Left out, not dated: %u orders\n", counts.undated);
    if (counts.nameless > 0) std::printf("Left out, no drug: %u orders\n", counts.nameless);
    if (counts.unowned > 0)
        std::printf("Left out, patient not in the bundle: %u orders\n", counts.unowned);
    if (sum.unreadable > 0) std::printf("Not read: %u files\n", sum.unreadable);
}

base::Result<void> capture_file(rules::Knowledge const& knowledge, fs::path const& path,
                                fs::path const& out, base::json::Document& document, Sum& sum) {
    auto const bytes = read_input(path.string());
    if (!bytes) return base::Error{base::ErrorCode::not_found, "the file", "It cannot be read."};
    auto const bundle = document.parse(*bytes);
    if (!bundle) return bundle.error();
    auto const stem = safe_name(path.stem().string());
    unsigned place = 0;
    auto const counts =
        hooks::capture(knowledge, *bundle, [&](hooks::CapturedRequest const& request) {
            write_file(out / file_name(stem, ++place), request.body);
        });
    if (!counts) return counts.error();
    sum.add(*counts);
    return {};
}

}  // namespace

/// Makes requests from patients' histories; exit status 1 when a bundle cannot be read.
int command_capture(Arguments arguments) {
    CLI::App app{
        "Makes one order-sign request for each MedicationRequest of a patient's FHIR R4 Bundle "
        "(or of each *.json in a folder): the order as a draft on its own authoredOn, the chart "
        "before that instant as prefetch.",
        "countersign capture"};
    std::string input, folder;
    app.add_option("bundle", input, "A Bundle, or a folder of them.")->required();
    app.add_option("--out", folder, "Folder for the requests; new or empty.")->required();
    try {
        app.parse(static_cast<int>(arguments.size()), arguments.data());
    } catch (CLI::ParseError const& failure) {
        return app.exit(failure);
    }
    auto const files = json_files(input);
    if (!files) return failed(files.error());
    if (auto const made = make_empty_folder(folder); !made) return failed(made.error());
    auto const knowledge = rules::Knowledge::load(rules::embedded_pack());
    if (!knowledge) return failed(knowledge.error());
    Sum sum;
    base::json::Document document;
    for (auto const& path : *files) {
        auto const done = capture_file(**knowledge, path, folder, document, sum);
        if (done) continue;
        ++sum.unreadable;
        std::fprintf(stderr, "%s: at %s: %s\n", path.filename().c_str(),
                     done.error().where.empty() ? "the document" : done.error().where.c_str(),
                     done.error().what.c_str());
    }
    print(sum, folder);
    return sum.unreadable > 0 ? 1 : 0;
}

}  // namespace cds::server
