/// A benchmark with all that its time is not to hold made before.
struct PreparedBenchmark {
    let call: () -> Void
    /// Said beside the time.
    var remark: (CallTime) -> String = { _ in "" }
}
