import LearnedModels
import Publishing

/// A learned model as `models` lists it.
package struct LearnedModelRow: Encodable, Sendable {
    package let name: String
    package let summary: String
    /// Where it is, or would be.
    package let path: String
    package let isInstalled: Bool

    package init(_ model: LearnedModel, in store: ModelStore) {
        (name, summary) = (model.name, model.summary)
        (path, isInstalled) = (store.path(of: model), store.isInstalled(model))
    }

    /// One line, keys sorted.
    package func json() throws -> String { try JSONDialect.line(self) }

    /// Columns between tabs.
    package var text: String { "\(name)\t\(summary)\t\(isInstalled ? path : "not installed")" }
}
