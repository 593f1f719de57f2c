#include "list_report.h"

#include <fmt/format.h>

namespace labelsieve::cli {

void write_list(const Context& context, const ListReport& report) {
  Output output(context.settings.output);
  const Format format = output.format();
  if (format == Format::kJson) {
    output.write(fmt::format("{{\"schema_version\":1,\n\"summary\":{},\n\"{}\":[",
                             json_text(report.summary), report.key));
  }
  if (format != Format::kTable || report.num_rows > 0) {
    RowWriter rows(output, report.columns);
    report.write_rows(rows);
    rows.finish();
  }
  if (format == Format::kJson) output.write("]}\n");
  if (format == Format::kTable && !context.messages.quiet()) {
    if (report.num_rows > 0) output.write("\n");
    output.write(report.summary_line + "\n" + report.next_step + "\n");
  }
  output.commit();
}

}  // namespace labelsieve::cli
