import NumericalMethods

/// The records of a set through a function on all cores, their results in the order of the set, in flat memory.
package struct RecordPipeline {
    let path: String
    /// Records at a time; nil for the number of cores.
    var jobs: Int?
    /// Places that are passed over.
    var done: Set<Int>

    package init(path: String, jobs: Int? = nil, done: Set<Int> = []) {
        (self.path, self.jobs, self.done) = (path, jobs, done)
    }

    /// - Parameter sink: gets the results batch after batch.
    /// - Returns: records in the set.
    package func run<Result: Sendable>(
        _ transform: @escaping @Sendable (RecordReader.Entry) async throws -> Result,
        sink: ([Result]) throws -> Void
    ) async throws -> Int {
        let reader = try RecordReader(path: path)
        let done = done
        var batch = await reader.next(besides: done)
        while !batch.isEmpty {
            // With one job nothing is done beside it.
            if jobs == 1 {
                try sink(try await parallelMap(batch, width: 1, transform))
                batch = await reader.next(besides: done)
                continue
            }
            async let following = reader.next(besides: done)
            try sink(try await parallelMap(batch, width: jobs, transform))
            batch = await following
        }
        return await reader.read
    }
}
