namespace Deployer.Functions.Errors;

/// <summary>
/// An outcome that ends a task. The type's name is the error that the console shows and the state machine matches;
/// the message is the cause, a sentence for the person on call. It never holds a secret, and is short enough for every place that it goes
/// to.
/// </summary>
public abstract class DeployerException(string message) : Exception(CauseText.Limit(CauseText.HideCredentials(message)))
{
    // As it was before it was cut: a secret that is cut in two is not found any more.
    private string _whole = CauseText.HideCredentials(message);
    private string? _hidden;
    private string? _subject;

    /// <summary>The error as Step Functions records it.</summary>
    public string Error => GetType().Name;

    /// <summary>Whether the task is to be tried again soon instead of failing.</summary>
    public virtual bool IsTransient => false;

    /// <inheritdoc/>
    public override string Message => _hidden ?? base.Message;

    /// <summary>
    /// What the remedy is applied to, for a command to copy: the revision of a rollback, the Auto Scaling group whose capacity is set,
    /// the stage in which to release first; <see langword="null"/> where no command needs one, or none is known.
    /// </summary>
    public string? RemedySubject
    {
        get => _subject;
        init => _subject = value;
    }

    /// <summary>Cuts secret values out of the message, before it is recorded or leaves the function.</summary>
    public void Hide(SecretValues secrets)
    {
        _whole = secrets.Hide(_whole);
        _hidden = CauseText.Limit(_whole);
        _subject = _subject is { } subject && secrets.Hide(subject) == subject ? subject : null;
    }
}
