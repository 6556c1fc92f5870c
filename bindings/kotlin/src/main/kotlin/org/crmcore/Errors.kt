package org.crmcore

private val CrmException.failed: CrmException.Failed
    get() = when (this) {
        is CrmException.Failed -> this
    }

/** The stable dotted code, for example `person.emails.invalid`. */
public val CrmException.code: String get() = failed.code

/** What sort of failure it is: what to branch on first. */
public val CrmException.kind: Kind get() = failed.kind

/** The stable number of the kind. */
public val CrmException.status: Int get() = failed.status.toInt()

/** The field, row or position that it is about, for example `emails[0].address`. */
public val CrmException.path: String? get() = failed.path

/** The reason in words, in English, without personal data. */
public val CrmException.reason: String get() = failed.reason

/** Details that a program can read: the text of a JSON object. */
public val CrmException.details: String get() = failed.details
