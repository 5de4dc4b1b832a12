import Emulation
import Raft

/// The keys of `resources`: a machine's name, or its figures.
enum ResourceKeys {
  static let codec = Codec<MachineModel>(
    type: "a machine's name, or a mapping",
    children: { section.keys(defaults: Draft()) },
    read: { node, key, reading in
      let names = MachinePresets.all.map(\.model.name)
      if let name = node.text {
        if let model = MachinePresets.named(name) { return model }
        reading.refuse(key, at: node.place, Words.notOneOf(names, found: node))
        return nil
      }
      guard let entries = node.entries else {
        reading.refuse(key, at: node.place, "found \(node.found), expected a machine's name or a mapping")
        return nil
      }
      var draft = Draft()
      if let preset = entries.first(where: { $0.key == "preset" }),
        let model = preset.value.text.flatMap(MachinePresets.named)
      {
        draft = Draft(model, preset: model.name)
      }
      guard section.read(node, key, into: &draft, reading) else { return nil }
      return draft.model
    },
    write: { model in
      if MachinePresets.named(model.name) == model { return .text(model.name) }
      return section.write(Draft(model, preset: "ideal"))
    })

  private static var section: Section<Draft> {
    Section(fields: [
      Field(
        "preset", .choice(MachinePresets.all.map { ($0.model.name, $0.model.name) }), \.preset,
        "The machine whose figures hold for the keys that are left out."),
      Field("cpu_per_message", .duration, \.model.cpuPerMessage, "CPU time to take in or send one message."),
      Field("cpu_per_kib", .duration, \.model.cpuPerKibibyte, "CPU time per KiB of a message."),
      Field("cpu_per_operation", .duration, \.model.cpuPerOperation, "CPU time to execute one client operation."),
      Field(
        "egress", Codec<Bandwidth>.bandwidth.optional("unlimited"), \.model.egress,
        "What the network card sends at most."),
      Field("disk_sync", .duration, \.model.diskSync, "The time of one durable write, whatever its size."),
      Field(
        "disk_throughput", Codec<Bandwidth>.bandwidth.optional("unlimited"), \.model.diskThroughput,
        "What the disk writes at most."),
    ])
  }

  private struct Draft: Sendable {
    var preset = "ideal"
    var model = MachineModel.ideal

    init() { model.name = "custom" }

    init(_ model: MachineModel, preset: String) {
      self.preset = preset
      self.model = model
      self.model.name = "custom"
    }
  }
}
