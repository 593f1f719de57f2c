// The one table of flags: the parser, --help, the completions and the man page are made from it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace labelsieve::cli {

enum class Subcommand : uint8_t { kFind, kScore, kHealth, kJoint, kInspect };

/// What kind of data the labels belong to.
enum class Task : uint8_t { kClassification, kToken, kMultilabel };

constexpr unsigned bit(Subcommand subcommand) { return 1U << static_cast<unsigned>(subcommand); }
constexpr unsigned bit(Task task) { return 1U << static_cast<unsigned>(task); }

inline constexpr unsigned kAllTasks =
    bit(Task::kClassification) | bit(Task::kToken) | bit(Task::kMultilabel);

/// Headings that options are listed under.
enum class Banner : uint8_t { kInput, kMethod, kTokens, kMultilabel, kSelection, kOutput, kSpeed };

/// What a shell offers for the value of a flag, beside `choices`.
enum class Completes : uint8_t { kNothing, kFile };

struct Flag {
  std::string_view name;                ///< With its dashes; the positional has none.
  std::string_view short_name = {};     ///< "-o", or empty.
  std::string_view value = {};          ///< Placeholder of the value; empty for a switch.
  std::string_view choices = {};        ///< Allowed words separated by '|'; empty: anything.
  std::string_view default_value = {};  ///< As --help shows it; empty: none.
  std::string_view help = {};
  unsigned subcommands = 0;    ///< The bits of those that take it.
  unsigned tasks = kAllTasks;  ///< The bits of those it means something for.
  Banner banner = Banner::kInput;
  bool repeatable = false;
  Completes completes = Completes::kNothing;

  bool is_positional() const { return name.front() != '-'; }
  bool is_switch() const { return value.empty(); }
  bool belongs_to(Subcommand subcommand) const { return (subcommands & bit(subcommand)) != 0; }
  bool fits(Task task) const { return (tasks & bit(task)) != 0; }
};

/// One of find, score, …
struct SubcommandInfo {
  Subcommand subcommand;
  std::string_view name;
  std::string_view summary;                ///< One line, no full stop.
  std::string_view description;            ///< A few sentences.
  std::vector<std::string_view> examples;  ///< Command lines that work in a checkout.
};

std::span<const Flag> flags();
std::span<const SubcommandInfo> subcommands();
std::string_view heading(Banner banner);

/// In the order in which --help lists them.
std::span<const Banner> banners();

const SubcommandInfo& info(Subcommand subcommand);
std::optional<Subcommand> subcommand_from(std::string_view name);

/// The flag of that name; a logic_error for a name that is not in the table.
const Flag& flag(std::string_view name);

/// "a|b|c" as three words.
std::vector<std::string_view> split_choices(std::string_view choices);

}  // namespace labelsieve::cli
