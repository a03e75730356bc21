namespace Deployer.Functions.Errors;

/// <summary>
/// An outcome that ends a task. The type's name is the error that the console shows and the state machine matches;
/// the message is the cause, a sentence for the person on call. It never holds a secret.
/// </summary>
public abstract class DeployerException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The error as Step Functions records it.</summary>
    public string Error => GetType().Name;

    /// <summary>Whether the task is to be tried again soon instead of failing.</summary>
    public virtual bool IsTransient => false;
}
