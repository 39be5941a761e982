/// What Slurm says of a campaign's array.
package struct SlurmQueue: Sendable {
    /// How many shards are in each of Slurm's states: squeue's of those that wait or run, sacct's of the others where the
    /// cluster keeps accounts.
    package private(set) var states: [String: Int] = [:]
    /// Why nothing or less is known; nil where nothing is missing.
    package private(set) var remark: String?

    package init(_ submission: SlurmSubmission) throws {
        guard let queue = SlurmProgram("squeue") else {
            remark = "there is no squeue on the PATH"
            return
        }
        var known: [String: String] = [:]
        do {
            read(try queue.run(["-h", "-r", "-j", submission.arrayJob, "-o", "%i|%T"]), into: &known)
        } catch let error as CampaignError where error.explanation.problem.contains("Invalid job id") {
            // Gone from the queue's memory.
        }
        if let accounts = SlurmProgram("sacct") {
            do {
                let text = try accounts.run([
                    "-n", "-X", "-P", "-j", submission.arrayJob, "-o", "JobID,State",
                ])
                read(text, into: &known)
            } catch {
                remark = "sacct tells nothing: the cluster keeps no accounts"
            }
        }
        for state in known.values { states[state, default: 0] += 1 }
    }

    /// What is known already goes before.
    private func read(_ text: String, into known: inout [String: String]) {
        for line in text.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: "|").map(String.init)
            guard parts.count == 2 else { continue }
            // `CANCELLED by 1000`
            let state = parts[1].split(separator: " ").first.map(String.init) ?? parts[1]
            for job in Self.jobs(parts[0]) where known[job] == nil { known[job] = state }
        }
    }

    /// sacct has one line for all jobs of an array that never began: `41_[2,5-7%4]`, and for some seconds `41` for the array as a
    /// whole, of which squeue knows the jobs.
    private static func jobs(_ text: String) -> [String] {
        guard text.contains("_") else { return [] }
        guard let open = text.firstIndex(of: "["), let close = text.firstIndex(of: "]"), open < close else {
            return [text]
        }
        let list = text[text.index(after: open)..<close].prefix { $0 != "%" }
        return list.split(separator: ",").flatMap { part -> [String] in
            let ends = part.split(separator: "-").compactMap { Int($0) }
            guard let first = ends.first, let last = ends.last, first <= last else { return [] }
            return (first...last).map { text[..<open] + "\($0)" }
        }
    }

    static func isAlive(_ state: String) -> Bool {
        ["PENDING", "RUNNING", "CONFIGURING", "COMPLETING", "REQUEUED", "SUSPENDED", "RESIZING", "STOPPED"]
            .contains(state)
    }
}
