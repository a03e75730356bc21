namespace Deployer.Functions.Errors;

/// <summary>
/// An outcome that ends a task. The type's name is the error that the console shows and the state machine matches;
/// the message is the cause, a sentence for the person on call. It never holds a secret, and is short enough for every place that it goes
/// to.
/// </summary>
public abstract class DeployerException(string message) : Exception(CauseText.Limit(CauseText.HideCredentials(message)))
{
    private string? _hidden;

    /// <summary>The error as Step Functions records it.</summary>
    public string Error => GetType().Name;

    /// <summary>Whether the task is to be tried again soon instead of failing.</summary>
    public virtual bool IsTransient => false;

    /// <inheritdoc/>
    public override string Message => _hidden ?? base.Message;

    /// <summary>Cuts secret values out of the message, before it is recorded or leaves the function.</summary>
    public void Hide(SecretValues secrets) => _hidden = secrets.Hide(Message);
}
