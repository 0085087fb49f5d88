// Parses diagrams with Mermaid itself: one line of JSON a file.
const fs = require("fs");
const vm = require("vm");

const [program, ...files] = process.argv.slice(2);
globalThis.window = globalThis;
vm.runInThisContext(fs.readFileSync(program, "utf8"));

(async () => {
  for (const file of files) {
    let report = { file };
    try {
      const kind = await globalThis.mermaid.parse(fs.readFileSync(file, "utf8"));
      report.type = kind.diagramType;
      const diagram = await globalThis.mermaid.mermaidAPI.getDiagramFromText(
        fs.readFileSync(file, "utf8"));
      const messages = diagram.db.getMessages();
      report.actors = diagram.db.getActorKeys();
      report.messages = messages.map((entry) => ({
        from: entry.from, to: entry.to, text: String(entry.message) }));
    } catch (error) {
      report.error = String(error);
    }
    console.log(JSON.stringify(report));
  }
})();
