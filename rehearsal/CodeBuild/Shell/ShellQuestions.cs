using Deployer.Rehearsal.Processes;

namespace Deployer.Rehearsal.CodeBuild.Shell;

/// <summary>
/// What a build's shell asks this process, over two named pipes. The shell opens them by name for each question: none of its descriptors
/// is taken, which are all the build's own.
/// </summary>
internal sealed class ShellQuestions : IAsyncDisposable
{
    /// <summary>The name of the pipe that takes questions, one a line.</summary>
    internal const string Question = "question";

    /// <summary>The name of the pipe that gives one line for each question.</summary>
    internal const string Answer = "answer";

    private readonly FileStream _questions;
    private readonly FileStream _end;
    private readonly FileStream _answers;
    private readonly Func<string, Task<string>> _answer;
    private readonly Action _failed;
    private readonly Task _serving;
    private volatile bool _ended;

    private ShellQuestions(string folder, Func<string, Task<string>> answer, Action failed)
    {
        _answer = answer;
        _failed = failed;
        _questions = OpenPipe(Path.Combine(folder, Question));
        _end = OpenPipe(Path.Combine(folder, Question));
        _answers = OpenPipe(Path.Combine(folder, Answer));
        _serving = Task.Factory.StartNew(Serve, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Why a question could not be answered: the build wrote it, and not the shell.</summary>
    internal Exception? Failure { get; private set; }

    /// <summary>Makes the pipes and answers.</summary>
    /// <param name="folder">Where they are made.</param>
    /// <param name="answer">Answers a question.</param>
    /// <param name="failed">
    /// Is called once when a question could not be answered (<see cref="Failure"/>): nothing is answered any more.
    /// </param>
    /// <exception cref="IOException">They cannot be made.</exception>
    internal static ShellQuestions Open(string folder, Func<string, Task<string>> answer, Action failed)
    {
        NamedPipe.Make(Path.Combine(folder, Question));
        NamedPipe.Make(Path.Combine(folder, Answer));
        return new ShellQuestions(folder, answer, failed);
    }

    /// <summary>Ends: the shell has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        // A read of a pipe cannot be cancelled.
        _ended = true;
        await _end.WriteAsync("\n"u8.ToArray());
        await _serving;
        await _questions.DisposeAsync();
        await _end.DisposeAsync();
        await _answers.DisposeAsync();
    }

    // Opened for both, so that it waits for nobody and does not end with the last question.
    private static FileStream OpenPipe(string path) => new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);

    private void Serve()
    {
        using var reader = new StreamReader(_questions, leaveOpen: true);
        while (reader.ReadLine() is { } question && !_ended && Failure is null)
        {
            try
            {
                var text = _answer(question).GetAwaiter().GetResult();
                _answers.Write(System.Text.Encoding.UTF8.GetBytes(text + "\n"));
            }
            catch (Exception exception)
            {
                Failure = exception;
                _failed();
            }
        }
    }
}
