import Glibc
import Truth

/// A thread outside of all tasks that frees what was posted.
enum Porter {
    static func begin() {
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { _ in
                while true {
                    if let block = truth_take() { free(block) } else { usleep(500) }
                }
            }, nil)
    }
}
